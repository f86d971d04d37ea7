"""Entremise: the portal with which a company runs its network of business referrers."""

import os

os.environ.setdefault("PICCOLO_CONF", "portal.database")
