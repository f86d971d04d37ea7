"""Words of which people, places and companies of the demo are made. None of them is meant to be anybody."""

FIRST_NAMES = (
    "Adèle", "Agathe", "Aïcha", "Alban", "Anaïs", "Antoine", "Aurélie", "Baptiste", "Béatrice", "Bruno", "Camille",
    "Cédric", "Chloé", "Clément", "Corinne", "Damien", "Delphine", "Djamila", "Édouard", "Émeline", "Étienne", "Fabrice",
    "Florence", "Gaëlle", "Grégory", "Guillaume", "Hélène", "Hervé", "Irène", "Jérôme", "Joël", "Judith", "Karim",
    "Laëtitia", "Laurent", "Léonie", "Loïc", "Maëlle", "Malik", "Margaux", "Mathilde", "Nadège", "Noé", "Odile",
    "Pascal", "Raphaël", "Romane", "Sandrine", "Solène", "Stéphane", "Tanguy", "Valérie", "Yann", "Yasmine", "Zoé",
)  # fmt: skip
LAST_NAMES = (
    "Abgrall", "Arnaud", "Audouin", "Barbier", "Baudry", "Belkacem", "Besnard", "Blanchet", "Bocquet", "Bretin",
    "Cadoret", "Charrier", "Chauvet", "Cosquer", "Daniélou", "Delaunay", "Doucet", "Duval", "Evrard", "Fabre", "Ferré",
    "Fouquet", "Gendron", "Gicquel", "Gourmelon", "Guérin", "Hamon", "Hervieu", "Jamin", "Joubert", "Kermorgant",
    "Lachaud", "Le Bihan", "Le Goff", "Lemaître", "Maillard", "Mercereau", "Mérour", "Nédélec", "Nicolleau", "Ollivier",
    "Orain", "Pasquier", "Perrigault", "Pichon", "Poirier", "Quéré", "Raimbault", "Renaudin", "Rousselot", "Sauvage",
    "Séchet", "Tessier", "Thébault", "Touzé", "Vasseur", "Vigneron", "Zerrouki",
)  # fmt: skip
TOWNS = (
    ("44000", "Nantes"), ("44600", "Saint-Nazaire"), ("44800", "Saint-Herblain"), ("44400", "Rezé"), ("44500", "La Baule"),
    ("44110", "Châteaubriant"), ("49000", "Angers"), ("49300", "Cholet"), ("85000", "La Roche-sur-Yon"),
    ("85300", "Challans"), ("35000", "Rennes"), ("56000", "Vannes"), ("56100", "Lorient"), ("29000", "Quimper"),
    ("72000", "Le Mans"), ("37000", "Tours"), ("79000", "Niort"), ("17000", "La Rochelle"), ("69003", "Lyon"),
)  # fmt: skip
STREETS = (
    "rue des Tanneurs", "rue du Moulin", "quai des Bateliers", "rue de la Garenne", "allée des Tilleuls",
    "place du Marché", "rue des Capucins", "chemin des Vignes", "rue Haute", "avenue de la Gare", "rue du Four",
    "impasse des Lavandières",
)  # fmt: skip
TRADES = (
    "Menuiserie", "Garage", "Imprimerie", "Pépinières", "Cabinet", "Atelier", "Transports", "Boulangerie", "Plomberie",
    "Ambulances", "Optique", "Maçonnerie", "Conserverie", "Ébénisterie", "Paysages", "Pharmacie", "Charpentes",
    "Traiteur", "Serrurerie", "Voilerie", "Électricité", "Biscuiterie", "Vergers", "Chantier naval", "Fonderie",
)  # fmt: skip
CONSULTANCIES = ("{} Conseil", "Cabinet {}", "{} Partenaires", "Études {}", "Agence {}", "{} Gestion")
CLUBS = (
    "Les Entrepreneurs du Vignoble",
    "Réseau Rive Sud",
    "Club des Artisans d'Erdre",
    "Femmes et Entreprises de l'Ouest",
    "Les Ateliers du Bocage",
    "Cercle des Métiers d'Art",
    "Terres et Talents",
    "Initiatives Presqu'île",
    "Le Cercle des Halles",
    "Estuaire Entreprendre",
    "Les Bâtisseurs de Loire",
)
NEEDS = (
    "Suit encore ses stocks sur papier et aimerait une démonstration.",
    "Change de logiciel avant l'été ; demande un devis pour l'équipe.",
    "Deux sites à réunir, des plannings à reprendre de zéro.",
    "Voudrait former ses chefs d'équipe à la gestion.",
    "Cherche un regard extérieur sur son organisation.",
    "A trop d'impayés et ne sait pas par où commencer.",
    "Rencontré hier, très intéressé. Préfère être appelé le matin.",
    "",
)  # fmt: skip
