"""The shop: catalogue, stock, orders, payments, parcels, people and enquiries.

Plain synchronous functions over a unit of work. They return what happened and know nothing of
chats' wording, channels or the network.
"""
