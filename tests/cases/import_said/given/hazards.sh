ONE_SERVICE_PARAMS=( 'ONEAPP_A_PASSWORD' configure 'A | "b"' 'opensesame' )
