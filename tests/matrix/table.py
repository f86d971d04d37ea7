"""The whole table: every route of the house, whichever room it is in."""

from tests.matrix.rows_business import BUSINESS
from tests.matrix.rows_house import HOUSE
from tests.matrix.rows_money import MONEY
from tests.matrix.rows_network import NETWORK

TABLE = (*BUSINESS, *HOUSE, *MONEY, *NETWORK)
