require_relative '../lib/helpers'
ONEAPP_SHOP_PORT = env :ONEAPP_SHOP_PORT, 8080
