"""The routes that belong to no domain: static files, health, language, stored files, state of the house, its legal pages."""
