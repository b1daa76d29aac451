"""The gate: what stands before Keycloak on its public address.

It lets through what people and our clients need and nothing else, and slows wrong tries down by address and account
together. It keeps nothing but counts in memory, knows no database, and passwords pass through it without a trace.
"""
