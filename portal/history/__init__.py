"""Who did what when: ids and codes only, chained by hash."""
