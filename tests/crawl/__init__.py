"""Every page that a link leads to, as each role sees it."""
