"""What must always hold of orders: each has the points that its state wants, no more and no less; a code is given with
its order and read by right; a supplier's list holds what it said."""


def _moved(kind: str) -> str:
    return f"coalesce((SELECT sum(points) FROM point_move WHERE order_id = placed.id AND kind = '{kind}'), 0)"


FAULTS = {
    "order_of_other_points": f"""
        SELECT ref FROM reward_order placed
        WHERE {_moved("reserved")} <> points
           OR {_moved("put_back")} <> CASE WHEN state = 'refused' THEN points ELSE 0 END
           OR {_moved("spent")} <> CASE WHEN state IN ('approved', 'sent', 'received') THEN points ELSE 0 END""",
    "code_without_its_order": """
        SELECT placed.ref FROM reward_code code JOIN reward_order placed ON placed.id = code.order_id
        WHERE placed.state NOT IN ('sent', 'received') OR placed.reward_id <> code.reward_id
           OR NOT EXISTS (SELECT FROM code_reading WHERE code_id = code.id)""",
    "supplier_list_differs": """
        SELECT ref FROM supplier_export export
        WHERE orders <> (SELECT count(*) FROM reward_order WHERE export_id = export.id AND supplier = export.supplier)""",
}
CHECKED = {
    "orders of rewards": "SELECT count(*) FROM reward_order",
    "codes of cards": "SELECT count(*) FROM reward_code",
}
