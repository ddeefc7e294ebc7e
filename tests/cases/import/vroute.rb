# frozen_string_literal: true

begin
    require '/etc/one-appliance/lib/helpers'
rescue LoadError
    require_relative '../lib/helpers'
end

# These variables are not exposed to the user and only used during install
VROUTE_VERSION = env :ONEAPP_VROUTE_VERSION, '0.10.2'
INSTALL_DRIVERS = env :INSTALL_DRIVERS, 'true'

# ------------------------------------------------------------------------------
# Configuration parameters for API
# ------------------------------------------------------------------------------
#  ONEAPP_VROUTE_API_PORT port number the API will listen on. Choose one
#   that is free.
#
#  ONEAPP_VROUTE_API_WEB <YES|NO> deploy a web page
# ------------------------------------------------------------------------------
ONEAPP_VROUTE_API_PORT = env :ONEAPP_VROUTE_API_PORT, 8000
ONEAPP_VROUTE_API_WEB  = env :ONEAPP_VROUTE_API_WEB, 'YES'

# What clients say first.
ONEAPP_VROUTE_GREETING = env :ONEAPP_VROUTE_GREETING, "it's \"me\""
ONEAPP_VROUTE_IFACES   = env :ONEAPP_VROUTE_IFACES, nil # nil -> none, empty -> all
ONEAPP_VROUTE_DOMAIN   = env(:ONEAPP_VROUTE_DOMAIN, '')
ONEAPP_VROUTE_PASSWORD = env :ONEAPP_VROUTE_PASSWORD, SecureRandom.alphanumeric(16)
