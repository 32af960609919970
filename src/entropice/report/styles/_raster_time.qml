{% if begins %}
  <temporal enabled="1" mode="0" fetchMode="0" bandNumber="1">
    <fixedRange>
      <start>{{ begins }}</start>
      <end>{{ ends }}</end>
    </fixedRange>
  </temporal>
{% endif %}
