"""Won business: lines, client invoices, client payments, refunds, cancellations."""
