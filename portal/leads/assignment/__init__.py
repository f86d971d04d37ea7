"""Who follows a recommendation: rules, by hand, absences, and whole portfolios that change hands."""
