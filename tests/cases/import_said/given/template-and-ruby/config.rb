require_relative '../lib/helpers'

# The port. Of the shop
ONEAPP_SHOP_PORT = env :ONEAPP_SHOP_PORT, 8080
ONEAPP_SHOP_MODE = env :ONEAPP_SHOP_MODE, nil
ONEAPP_SHOP_MORE = env :ONEAPP_SHOP_MORE, 'x'
