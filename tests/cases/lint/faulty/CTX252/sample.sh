#!/bin/bash
ONE_SERVICE_PARAMS=(
    'SHOP_PORT' 'configure' 'Port of the shop' 'O|number'
)
SHOP_PORT="${SHOP_PORT:-80}"
onegate vm update --data "SHOP_READY=YES"
docker run -d --name shop shop:1.0
