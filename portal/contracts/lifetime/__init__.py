"""What happens to a signed contract: amendment, notice, renewal, suspension, end."""
