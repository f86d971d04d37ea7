"""People: users, their memberships and roles, how they sign in and stay signed in."""
