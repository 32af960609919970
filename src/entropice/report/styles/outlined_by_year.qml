<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|MapTips|Temporal">
  <temporal enabled="1" mode="2" startField="{{ begins }}" endField="{{ ends }}" limitMode="0" accumulate="0" fixedDuration="0" durationField="" durationUnit="min" startExpression="" endExpression=""/>
  <renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0">
{% include "_symbols.qml" %}
  </renderer-v2>
  <mapTip enabled="1">{{ map_tip }}</mapTip>
  <layerGeometryType>2</layerGeometryType>
</qgis>
