require_relative '../lib/helpers'
# SHOP_COMMENT
SHOP_PORT = env :SHOP_PORT, '8080'
SHOP_THEME = env(:SHOP_THEME, 'light')
SHOP_TITLE = env :SHOP_TITLE, "The store"
SHOP_KEY = env :SHOP_KEY, nil
SHOP_CONSTANT = 5
SHOP_OTHER = env :SHOP_EXTRA, 'x'
puts SHOP_CONSTANT, SHOP_OTHER
