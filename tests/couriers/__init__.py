"""Services that follow parcels: the conversation with them over HTTP, and what people see of it."""
