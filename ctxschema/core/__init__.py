"""The base of every other package: findings, source positions, errors, secrets, files."""
