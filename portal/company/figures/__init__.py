"""The figures of law as the company reads them: what is in force, where it comes from, what it dated itself."""
