"""The mail door: SMTP in for every simulated mailbox (aiosmtpd), SMTP out for what is written there."""
