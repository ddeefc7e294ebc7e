# frozen_string_literal: true

require_relative '../lib/helpers'

# ONEAPP_SHOP_TITLE: <TEXT> the title of the shop. It is
#  shown on each page.
#
#  and this is about nothing
# -----
# ONEAPP_SHOP_LONG - a longer text
# -----
# still nothing

ONEAPP_SHOP_TITLE = env :ONEAPP_SHOP_TITLE, 'It''s "ours"'
ONEAPP_SHOP_LONG = env :ONEAPP_SHOP_LONG, 'a\'b\\c\d'
# Above. With more.
# And more yet
ONEAPP_SHOP_ABOVE = env('ONEAPP_SHOP_ABOVE', "a\tb\\c\qd")
ONEAPP_SHOP_BEHIND = env("ONEAPP_SHOP_BEHIND", 'x') # behind it.
ONEAPP_SHOP_PLAIN = env :ONEAPP_SHOP_PLAIN

# One.
# =====
#
# Two
# -----
ONEAPP_SHOP_RULES = env :ONEAPP_SHOP_RULES, 5
ONEAPP_SHOP_NOUGHTS = env :ONEAPP_SHOP_NOUGHTS, 007
ONEAPP_SHOP_SWITCH = env :ONEAPP_SHOP_SWITCH, 'NO'
ONEAPP_SHOP_EMPTY = env :ONEAPP_SHOP_EMPTY, ''
ONEAPP_SHOP_NIL = env :ONEAPP_SHOP_NIL, nil
ONEAPP_SHOP_UNICODE = env :ONEAPP_SHOP_UNICODE, "\u0041"
ONEAPP_SHOP_INNER = env :ONEAPP_SHOP_INNER, "a#{b}"
ONEAPP_SHOP_DOLLAR = env :ONEAPP_SHOP_DOLLAR, 'a$b'
ONEAPP_SHOP_HASH = env :ONEAPP_SHOP_HASH, "a#b"
ONEAPP_SHOP_UUID = env :ONEAPP_SHOP_UUID, SecureRandom.uuid
ONEAPP_SHOP_ADDRESS = env :ONEAPP_SHOP_ADDRESS, ip_addr_of('eth0')
ONEAPP_SHOP_HOST = env :ONEAPP_SHOP_HOST, Socket.gethostname
ONEAPP_SHOP_CODE = env :ONEAPP_SHOP_CODE, [1, 2].max
ONEAPP_SHOP_KEY = env :ONEAPP_SHOP_KEY, SecureRandom.hex(8)
OTHER_CONSTANT = env :ONEAPP_SHOP_CONSTANT, 'x'
ONEAPP_SHOP_TITLE = env :ONEAPP_SHOP_TITLE, 'again'
VERSION = env :VERSION, '1.0'

# Not exposed to the user: how fast it is. Never mind
ONEAPP_SHOP_SPEED = env :ONEAPP_SHOP_SPEED, 'fast'

# These are not be exposed
# and nothing more
ONEAPP_SHOP_QUIET = env :ONEAPP_SHOP_QUIET, 'x'
