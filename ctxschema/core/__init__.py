"""What every other package stands on: findings, source positions, errors, secrets."""
