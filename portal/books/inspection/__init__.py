"""The dossier de contrôle: all that URSSAF or the tax office may ask for, of a referrer or of a year, in one file; and the
light that tells all year whether it would be complete."""
