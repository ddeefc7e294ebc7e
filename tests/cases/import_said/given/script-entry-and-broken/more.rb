require_relative '../lib/helpers'
# About A. And more.
ONEAPP_A = env :ONEAPP_A, 8080
# About C
ONEAPP_C = env :ONEAPP_C, 8081
# About D. And more.
ONEAPP_D = env :ONEAPP_D, 'x'
