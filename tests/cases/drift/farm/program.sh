#!/bin/sh
FARM_OWN=1
# FARM_COMMENT
ONE_SERVICE_PARAMS=( 'ONEAPP_FARM_TILL' 'configure' 'Of another role' ''
                     'FARM_MOTTO' 'configure' 'Motto' '' )
echo "${FARM_NONE:-x} ${FARM_DB_HOST:-$FARM_OWN} ${FARM_DB_PORT:-80} $FARM_PORT $ONEAPP_FARM_TILL"
