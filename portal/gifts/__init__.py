"""Points and what they become: rewards, orders, the register of what was given."""
