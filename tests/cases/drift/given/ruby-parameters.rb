# one-appliance
module Service
  SHOP_PORT = env :SHOP_PORT, 80
  SHOP_OWN   =  'x'
  SHOP_SAME == 5
  puts SHOP_OWN, SHOP_SAME, SHOP_WEB
end
