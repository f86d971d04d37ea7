"""Whether the company pays by Stripe, and with which money."""

from portal.settings import settings

TEST = ("sk_test_", "rk_test_")


def is_on() -> bool:
    return bool(settings().stripe_key)


def is_test() -> bool:
    """No real money moves."""
    return settings().stripe_key.startswith(TEST)


def hears() -> bool:
    """Whether what Stripe tells can be told from a forgery."""
    return bool(settings().stripe_webhook_secrets)
