#!/bin/sh
echo $SHOP_PORT $SHOP_GONE
