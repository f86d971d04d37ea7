"""What a person pays, by cheque or on the bank's own site, with its proof."""
