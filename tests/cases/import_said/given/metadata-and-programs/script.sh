ONE_SERVICE_PARAMS=( 'ONEAPP_C' 'configure' 'C' 'O|text' )
