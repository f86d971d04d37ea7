"""The DAS2: who must be declared, what is missing, the file to the position, what was filed and put right."""
