# frozen_string_literal: true

begin
    require '/etc/one-appliance/lib/helpers'
rescue LoadError
    require_relative '../lib/helpers'
end

ONEAPP_INF_MODEL_NAME = env :ONEAPP_INF_MODEL_NAME, 'small'
ONEAPP_INF_API_PORT = env(:ONEAPP_INF_API_PORT, '8000')
