<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|MapTips">
  <renderer-v2 type="categorizedSymbol" attr="{{ attribute }}" symbollevels="0" enableorderby="0" forceraster="0">
    <categories>
{% for entry in entries %}
      <category type="string" value="{{ entry.value }}" symbol="{{ loop.index0 }}" label="{{ entry.label }}" render="true"/>
{% endfor %}
    </categories>
{% include "_symbols.qml" %}
  </renderer-v2>
  <mapTip enabled="1">{{ map_tip }}</mapTip>
  <layerGeometryType>2</layerGeometryType>
</qgis>
