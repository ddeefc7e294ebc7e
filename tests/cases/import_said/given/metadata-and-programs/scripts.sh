ONE_SERVICE_PARAMS=( 'ONEAPP_E' 'bootstrap' 'E' 'O|text' 'ONEAPP_C' 'bootstrap' 'C' 'O|text' )
