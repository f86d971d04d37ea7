"""/veille: all that nears a day or a threshold of the law, by urgency, each with what to do and where."""
