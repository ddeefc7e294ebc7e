require_relative '../lib/helpers'
FARM_DB_HOST = env :FARM_DB_HOST, 'there'
system 'echo ${FARM_DB_PORT:-80}'
