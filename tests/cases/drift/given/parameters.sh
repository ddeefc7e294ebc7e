#!/usr/bin/env bash
echo "$SHOP_TILL"
ONE_SERVICE_PARAMS=(
    'SHOP_KEY'    'configure' 'Key'              'O|password'
    'SHOP_SHARE'  'configure' 'Share'            'O|number-float'
    'STORE_TITLE' 'configure' 'Title'            'O|text'
)
