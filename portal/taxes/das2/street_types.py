"""How the land register abbreviates the kinds of streets (DGFiP, FANTOIR, nature de voie), and what people write for them."""

from collections.abc import Mapping

# In capitals without accents, as they stand in the file.
CODES: Mapping[str, str] = {
    "AERODROME": "AER", "AGGLOMERATION": "AGL", "AIRE": "AIRE", "ALLEE": "ALL", "ANCIEN CHEMIN": "ACH",
    "ANCIENNE ROUTE": "ART", "ANGLE": "ANGL", "ARCADE": "ARC", "AUTOROUTE": "AUT", "AVENUE": "AV",
    "BARRIERE": "BRE", "BASE": "BASE", "BASSIN": "BSN", "BERGE": "BER", "BORD": "BORD", "BOULEVARD": "BD",
    "BOURG": "BRG", "BRETELLE D'AUTOROUTE": "BRTL", "CALLE": "CALL", "CAMIN": "CAMI", "CAMP": "CAMP",
    "CAMPING": "CPG", "CANAL": "CAN", "CARREFOUR": "CAR", "CARRIERA": "CAE", "CARRIERE": "CARE", "CASERNE": "CASR",
    "CENTRE": "CTRE", "CHALET": "CHL", "CHAMP": "CHP", "CHASSE": "CHA", "CHATEAU": "CHT", "CHAUSSEE": "CHS",
    "CHEMIN": "CHE", "CHEMIN COMMUNAL": "CC", "CHEMIN DEPARTEMENTAL": "CD", "CHEMIN FORESTIER": "CF",
    "CHEMIN RURAL": "CR", "CHEMIN VICINAL": "CHV", "CHEMINEMENT": "CHEM", "CITE": "CITE", "CLOS": "CLOS",
    "COIN": "COIN", "COL": "COL", "CONTOUR": "CTR", "CORNICHE": "COR", "CORON": "CORO", "COTE": "COTE",
    "COULOIR": "CLR", "COUR": "COUR", "COURS": "CRS", "COURSIVE": "CIVE", "CROIX": "CRX", "DARSE": "DARS",
    "DESCENTE": "DSC", "DEVIATION": "DEVI", "DIGUE": "DIG", "DOMAINE": "DOM", "DRAILLE": "DRA", "ECART": "ECA",
    "ECLUSE": "ECL", "EMBRANCHEMENT": "EMBR", "ENCLAVE": "ENV", "ENCLOS": "ENC", "ESCALIER": "ESC",
    "ESPACE": "ESPA", "ESPLANADE": "ESP", "ETANG": "ETNG", "FAUBOURG": "FG", "FERME": "FRM", "FONTAINE": "FON",
    "FORT": "FORT", "FOSSE": "FOS", "GALERIE": "GAL", "GARE": "GARE", "GRAND BOULEVARD": "GBD",
    "GRAND PLACE": "GPL", "GRANDE RUE": "GR", "GREVE": "GREV", "HABITATION": "HAB", "HALAGE": "HLG", "HALLE": "HLE",
    "HAMEAU": "HAM", "HLM": "HLM", "ILE": "ILE", "ILOT": "ILOT", "IMPASSE": "IMP", "JARDIN": "JARD", "JETEE": "JTE",
    "LAC": "LAC", "LEVEE": "LEVE", "LICES": "LICE", "LIGNE": "LIGN", "LOTISSEMENT": "LOT", "MAIL": "MAIL",
    "MAISON": "MAIS", "MARCHE": "MAR", "MARINA": "MRN", "MAS": "MAS", "MONTEE": "MTE", "NOUVELLE ROUTE": "NTE",
    "PARC": "PARC", "PARKING": "PKG", "PARVIS": "PRV", "PASSAGE": "PAS", "PASSE": "PASS", "PASSERELLE": "PLE",
    "PETIT CHEMIN": "PCH", "PETITE ALLEE": "PTA", "PETITE AVENUE": "PAE", "PETITE ROUTE": "PRT",
    "PETITE RUE": "PTR", "PHARE": "PHAR", "PISTE": "PIST", "PLACA": "PLA", "PLACE": "PL", "PLACETTE": "PTTE",
    "PLACIS": "PLCI", "PLAGE": "PLAG", "PLAINE": "PLN", "PLAN": "PLAN", "PLATEAU": "PLT", "POINTE": "PNT",
    "PONT": "PONT", "PORT": "PORT", "PORTE": "PTE", "PORTIQUE": "PORQ", "POSTE": "POST", "POTERNE": "POT",
    "PROMENADE": "PROM", "QUAI": "QUAI", "QUARTIER": "QUA", "RACCOURCI": "RAC", "RAMPE": "RPE", "RAVINE": "RVE",
    "REMPART": "REM", "RESIDENCE": "RES", "RIVE": "RIVE", "ROCADE": "ROC", "ROND-POINT": "RPT", "ROTONDE": "RTD",
    "ROUTE": "RTE", "ROUTE DEPARTEMENTALE": "D", "ROUTE NATIONALE": "N", "RUE": "RUE", "RUELLE": "RLE",
    "RUELLETTE": "RULT", "RUETTE": "RUET", "RUISSEAU": "RUIS", "SAS": "SAS", "SENTIER": "SEN", "SQUARE": "SQ",
    "STADE": "STDE", "TERRASSE": "TSSE", "TERREPLEIN": "TPL", "TERTRE": "TRT", "TOUR": "TOUR", "TRAVERSE": "TRA",
    "TUNNEL": "TUN", "VAL": "VAL", "VALLON": "VALL", "VENELLE": "VEN", "VIA": "VIA", "VIADUC": "VIAD",
    "VIEILLE ROUTE": "VTE", "VIELLE ROUTE": "VTE", "VIEUX CHEMIN": "VCHE", "VILLA": "VLA", "VILLAGE": "VGE",
    "VILLE": "VIL", "VOIE": "VOIE", "VOIE COMMUNALE": "VC", "VOIRIE": "VOIR", "VOUTE": "VOUT", "VOYEUL": "VOY",
    "ZONE": "ZONE", "ZONE A URBANISER EN PRIORITE": "ZUP", "ZONE ARTISANALE": "ZA",
    "ZONE D'AMENAGEMENT CONCERTE": "ZAC", "ZONE D'AMENAGEMENT DIFFERE": "ZAD", "ZONE INDUSTRIELLE": "ZI",
}  # fmt: skip
SHORT: Mapping[str, str] = {
    "ALL": "ALL", "AV": "AV", "AVE": "AV", "BD": "BD", "BLD": "BD", "BVD": "BD", "CH": "CHE", "CHE": "CHE", "IMP": "IMP",
    "PL": "PL", "RTE": "RTE", "SQ": "SQ", "ZA": "ZA", "ZI": "ZI",
}  # fmt: skip
KINDS: Mapping[str, str] = {**CODES, **SHORT}
MOST_WORDS = max(len(name.split()) for name in KINDS)
