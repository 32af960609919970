<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>Entropice</name>
  <message>
   <source> · paler where less certain</source>
   <translation> · blasser, wo weniger sicher</translation>
  </message>
  <message>
   <source>%1 % of %2</source>
   <translation>%1 % von %2</translation>
  </message>
  <message>
   <source>%1 (%2): this version of the plugin cannot draw a scale of kind “%3”.</source>
   <translation>%1 (%2): Diese Fassung der Erweiterung kann eine Skala der Art „%3“ nicht zeichnen.</translation>
  </message>
  <message>
   <source>%1 (90 % range %2 to %3)</source>
   <translation>%1 (90-%-Bereich %2 bis %3)</translation>
  </message>
  <message>
   <source>%1 bits</source>
   <translation>%1 bit</translation>
  </message>
  <message>
   <source>%1 is brought to the cells of %2 %3: means weighted by land area, where at least %4 of a cell's land is known.</source>
   <translation>%1 wird %3 auf die Zellen von %2 gebracht: nach Landfläche gewichtete Mittel, wo mindestens %4 des Landes einer Zelle bekannt sind.</translation>
  </message>
  <message>
   <source>%1 less %2</source>
   <translation>%1 minus %2</translation>
  </message>
  <message>
   <source>%1 log-odds of any slump (share %2)</source>
   <translation>%1 Log-Odds für Taurutschungen (Anteil %2)</translation>
  </message>
  <message>
   <source>%1 of %2</source>
   <translation>%1 von %2</translation>
  </message>
  <message>
   <source>%1 of %2 km²</source>
   <translation>%1 von %2 km²</translation>
  </message>
  <message>
   <source>%1 or more</source>
   <translation>%1 oder mehr</translation>
  </message>
  <message>
   <source>%1 to %2</source>
   <translation>%1 bis %2</translation>
  </message>
  <message>
   <source>%1 to %2, the cells with a probability</source>
   <translation>%1 bis %2, die Zellen mit einer Wahrscheinlichkeit</translation>
  </message>
  <message>
   <source>%1, %2 to %3</source>
   <translation>%1, %2 bis %3</translation>
  </message>
  <message>
   <source>%1, as %2 has</source>
   <translation>%1, wie bei %2</translation>
  </message>
  <message>
   <source>%1, as its values are texts</source>
   <translation>%1, da die Werte Texte sind</translation>
  </message>
  <message>
   <source>%1, as the other run has: a class of the same name is another here</source>
   <translation>%1, wie im anderen Lauf: Eine Klasse gleichen Namens ist hier eine andere</translation>
  </message>
  <message>
   <source>%1, by group of features</source>
   <translation>%1, nach Gruppen von Merkmalen</translation>
  </message>
  <message>
   <source>%1, the whole group</source>
   <translation>%1, die ganze Gruppe</translation>
  </message>
  <message>
   <source>%1: %2</source>
   <translation>%1: %2</translation>
  </message>
  <message numerus="yes">
   <source>%n layers.</source>
   <translation>
    <numerusform>%n Layer.</numerusform>
    <numerusform>%n Layer.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n others do not go beyond chance.</source>
   <translation>
    <numerusform>%n weiterer geht nicht über den Zufall hinaus.</numerusform>
    <numerusform>%n weitere gehen nicht über den Zufall hinaus.</numerusform>
   </translation>
  </message>
  <message>
   <source>, mean %1</source>
   <translation>, Mittel %1</translation>
  </message>
  <message>
   <source>0 to 1</source>
   <translation>0 bis 1</translation>
  </message>
  <message>
   <source>95 % interval</source>
   <translation>95-%-Intervall</translation>
  </message>
  <message>
   <source>= or !=, as its values are texts</source>
   <translation>= oder !=, da die Werte Texte sind</translation>
  </message>
  <message>
   <source>A drawn polygon</source>
   <translation>Ein gezeichnetes Polygon</translation>
  </message>
  <message>
   <source>A file cannot be written; what stood there is as it was.</source>
   <translation>Eine Datei kann nicht geschrieben werden; was dort stand, ist unverändert.</translation>
  </message>
  <message>
   <source>A file of the run cannot be read.</source>
   <translation>Eine Datei des Laufs kann nicht gelesen werden.</translation>
  </message>
  <message>
   <source>A file of the run is a link that leaves the run folder.</source>
   <translation>Eine Datei des Laufs ist eine Verknüpfung, die aus dem Laufordner hinausführt.</translation>
  </message>
  <message>
   <source>A file of the run is damaged or was changed after the run.</source>
   <translation>Eine Datei des Laufs ist beschädigt oder wurde nach dem Lauf geändert.</translation>
  </message>
  <message>
   <source>A file of the run is missing.</source>
   <translation>Eine Datei des Laufs fehlt.</translation>
  </message>
  <message>
   <source>A model card cannot be read.</source>
   <translation>Eine Modellkarte ist nicht lesbar.</translation>
  </message>
  <message>
   <source>A row of the map has a value that cannot be.</source>
   <translation>Eine Zeile der Karte hat einen Wert, den es nicht geben kann.</translation>
  </message>
  <message>
   <source>A run is not changed, and nothing is written into its folder.</source>
   <translation>Ein Lauf wird nicht geändert, und in seinen Ordner wird nichts geschrieben.</translation>
  </message>
  <message>
   <source>A share of land in cells grows with the size of cells: compare its order, not its height.</source>
   <translation>Ein Anteil des Landes in Zellen wächst mit der Größe der Zellen: Zu vergleichen ist die Reihenfolge, nicht die Höhe.</translation>
  </message>
  <message>
   <source>A table of the map is not as the manifest says.</source>
   <translation>Eine Tabelle der Karte ist nicht so, wie das Manifest sagt.</translation>
  </message>
  <message>
   <source>A table of the run has a value that cannot be.</source>
   <translation>Eine Tabelle des Laufs hat einen Wert, den es nicht geben kann.</translation>
  </message>
  <message>
   <source>Add to map</source>
   <translation>Zur Karte hinzufügen</translation>
  </message>
  <message>
   <source>Agrees</source>
   <translation>Übereinstimmung</translation>
  </message>
  <message>
   <source>All of the run</source>
   <translation>Der ganze Lauf</translation>
  </message>
  <message>
   <source>An overview of the map cannot be used.</source>
   <translation>Eine Übersicht der Karte ist nicht verwendbar.</translation>
  </message>
  <message>
   <source>Any slump</source>
   <translation>Taurutschungen</translation>
  </message>
  <message>
   <source>Area</source>
   <translation>Gebiet</translation>
  </message>
  <message>
   <source>Area (polygons)</source>
   <translation>Gebiet (Polygone)</translation>
  </message>
  <message>
   <source>Area that its image shows</source>
   <translation>Fläche, die ihr Bild zeigt</translation>
  </message>
  <message>
   <source>Area, lower end of its 90 % range</source>
   <translation>Fläche, unteres Ende ihres 90-%-Bereichs</translation>
  </message>
  <message>
   <source>Area, upper end of its 90 % range</source>
   <translation>Fläche, oberes Ende ihres 90-%-Bereichs</translation>
  </message>
  <message>
   <source>As CSV</source>
   <translation>Als CSV</translation>
  </message>
  <message>
   <source>As waypoints (GPX)</source>
   <translation>Als Wegpunkte (GPX)</translation>
  </message>
  <message>
   <source>Ask for another number of cells.</source>
   <translation>Eine andere Zahl von Zellen verlangen.</translation>
  </message>
  <message>
   <source>Audit sample</source>
   <translation>Prüfstichprobe</translation>
  </message>
  <message numerus="yes">
   <source>B is %n classes higher</source>
   <translation>
    <numerusform>B ist %n Klasse höher</numerusform>
    <numerusform>B ist %n Klassen höher</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>B is %n classes lower</source>
   <translation>
    <numerusform>B ist %n Klasse niedriger</numerusform>
    <numerusform>B ist %n Klassen niedriger</numerusform>
   </translation>
  </message>
  <message>
   <source>B is 1 class higher</source>
   <translation>B ist 1 Klasse höher</translation>
  </message>
  <message>
   <source>B is 1 class lower</source>
   <translation>B ist 1 Klasse niedriger</translation>
  </message>
  <message>
   <source>B − A; of classes the steps between them.</source>
   <translation>B − A; bei Klassen die Stufen dazwischen.</translation>
  </message>
  <message>
   <source>Back</source>
   <translation>Zurück</translation>
  </message>
  <message>
   <source>Below %1</source>
   <translation>Unterhalb von %1</translation>
  </message>
  <message>
   <source>Beside the tables of the run lie unfinished changes, which would be shown in place of the run.</source>
   <translation>Neben den Tabellen des Laufs liegen unfertige Änderungen, die anstelle des Laufs gezeigt würden.</translation>
  </message>
  <message>
   <source>Both are the same.</source>
   <translation>Beide sind gleich.</translation>
  </message>
  <message>
   <source>Budget</source>
   <translation>Budget</translation>
  </message>
  <message>
   <source>Budget (km²; that of the run where empty)</source>
   <translation>Budget (km²; das des Laufs, wo leer)</translation>
  </message>
  <message>
   <source>Budget of a survey</source>
   <translation>Budget einer Erkundung</translation>
  </message>
  <message>
   <source>By chance</source>
   <translation>Durch Zufall</translation>
  </message>
  <message>
   <source>CSV files (*.csv)</source>
   <translation>CSV-Dateien (*.csv)</translation>
  </message>
  <message>
   <source>CSV…</source>
   <translation>CSV…</translation>
  </message>
  <message>
   <source>Cancelled.</source>
   <translation>Abgebrochen.</translation>
  </message>
  <message>
   <source>Cancelled; nothing was added.</source>
   <translation>Abgebrochen; nichts wurde hinzugefügt.</translation>
  </message>
  <message>
   <source>Cell</source>
   <translation>Zelle</translation>
  </message>
  <message>
   <source>Cell by cell on %1.</source>
   <translation>Zelle für Zelle auf %1.</translation>
  </message>
  <message>
   <source>Cells</source>
   <translation>Zellen</translation>
  </message>
  <message>
   <source>Cells by value in A (rows) and B (columns)</source>
   <translation>Zellen nach dem Wert in A (Zeilen) und B (Spalten)</translation>
  </message>
  <message>
   <source>Cells chosen</source>
   <translation>Gewählte Zellen</translation>
  </message>
  <message>
   <source>Cells held and compared below: %1</source>
   <translation>Gemerkte Zellen, unten verglichen: %1</translation>
  </message>
  <message>
   <source>Cells only in A</source>
   <translation>Zellen nur in A</translation>
  </message>
  <message>
   <source>Cells only in B</source>
   <translation>Zellen nur in B</translation>
  </message>
  <message>
   <source>Cells that agree</source>
   <translation>Übereinstimmende Zellen</translation>
  </message>
  <message>
   <source>Cells with both</source>
   <translation>Zellen mit beiden</translation>
  </message>
  <message>
   <source>Chance</source>
   <translation>Chance</translation>
  </message>
  <message>
   <source>Chance by its pixels alone</source>
   <translation>Chance allein aus ihren Pixeln</translation>
  </message>
  <message>
   <source>Chance that it is true</source>
   <translation>Chance, dass sie echt ist</translation>
  </message>
  <message>
   <source>Chance that the design draws it</source>
   <translation>Chance, dass der Stichprobenplan sie zieht</translation>
  </message>
  <message>
   <source>Change</source>
   <translation>Änderung</translation>
  </message>
  <message>
   <source>Change the condition.</source>
   <translation>Die Bedingung ändern.</translation>
  </message>
  <message>
   <source>Check the permissions of the folder and the connection to its drive, then open the run again.</source>
   <translation>Die Rechte am Ordner und die Verbindung zum Laufwerk prüfen, dann den Lauf erneut öffnen.</translation>
  </message>
  <message>
   <source>Checks that a run folder is complete and undamaged, and adds its layers, grouped and styled by year.</source>
   <translation>Prüft, ob ein Laufordner vollständig und unbeschädigt ist, und fügt seine Layer hinzu, nach Jahren gruppiert und gestaltet.</translation>
  </message>
  <message>
   <source>Choose a file such as map.pdf, and a page of A4 or A3 with 300 dots per inch.</source>
   <translation>Eine Datei wie map.pdf wählen und eine Seite in A4 oder A3 mit 300 Punkten je Zoll.</translation>
  </message>
  <message>
   <source>Choose a larger area, or another part of the map.</source>
   <translation>Ein größeres Gebiet oder einen anderen Teil der Karte wählen.</translation>
  </message>
  <message>
   <source>Choose a layer.</source>
   <translation>Einen Layer wählen.</translation>
  </message>
  <message>
   <source>Choose a run folder (it holds manifest.json)</source>
   <translation>Laufordner wählen (er enthält manifest.json)</translation>
  </message>
  <message>
   <source>Choose another folder.</source>
   <translation>Einen anderen Ordner wählen.</translation>
  </message>
  <message>
   <source>Choose another layer, or select polygons of it.</source>
   <translation>Einen anderen Layer wählen oder Polygone darin auswählen.</translation>
  </message>
  <message>
   <source>Choose another name or folder.</source>
   <translation>Einen anderen Namen oder Ordner wählen.</translation>
  </message>
  <message>
   <source>Choose another name.</source>
   <translation>Einen anderen Namen wählen.</translation>
  </message>
  <message>
   <source>Choose another quantity.</source>
   <translation>Eine andere Größe wählen.</translation>
  </message>
  <message>
   <source>Choose another year.</source>
   <translation>Ein anderes Jahr wählen.</translation>
  </message>
  <message>
   <source>Choose one of these, or two runs of the same grid and level.</source>
   <translation>Eine davon wählen, oder zwei Läufe mit gleichem Gitter und gleicher Stufe.</translation>
  </message>
  <message>
   <source>Choose one of these.</source>
   <translation>Eines davon wählen.</translation>
  </message>
  <message>
   <source>Choose other years.</source>
   <translation>Andere Jahre wählen.</translation>
  </message>
  <message>
   <source>Choose the folder that holds manifest.json, for example data/virtual_arctic/h3_4/08_reporting/run.</source>
   <translation>Den Ordner wählen, der manifest.json enthält, zum Beispiel data/virtual_arctic/h3_4/08_reporting/run.</translation>
  </message>
  <message>
   <source>Choose two quantities of one unit, or the same quantity on both sides.</source>
   <translation>Zwei Größen mit gleicher Einheit wählen, oder auf beiden Seiten dieselbe Größe.</translation>
  </message>
  <message>
   <source>Chooses the cells of a run that nobody has looked at, one by one, by what an image of them is expected to tell and to find over what it costs, as the run itself ranks them: neighbours of a chosen cell count for less. A cell costs its land that no year has seen, at least what the smallest image costs. It lies in an area where its centre does; without extent and area, all of the run is the area.</source>
   <translation>Wählt unter den Zellen eines Laufs, die niemand angesehen hat, eine nach der anderen: nach dem, was ein Bild von ihnen voraussichtlich verrät und findet, im Verhältnis zu den Kosten, so wie der Lauf selbst sie reiht. Nachbarn einer gewählten Zelle zählen weniger. Eine Zelle kostet ihr Land, das noch kein Jahr gesehen hat, mindestens so viel wie das kleinste Bild. Sie liegt in einem Gebiet, wenn ihre Mitte darin liegt; ohne Ausdehnung und Gebiet zählt der ganze Lauf.</translation>
  </message>
  <message>
   <source>Chosen as one of the best</source>
   <translation>Als eine der besten gewählt</translation>
  </message>
  <message>
   <source>Chosen by</source>
   <translation>Gewählt nach</translation>
  </message>
  <message>
   <source>Class probability</source>
   <translation>Wahrscheinlichkeit der Klasse</translation>
  </message>
  <message>
   <source>Classes that cannot be ruled out: %1</source>
   <translation>Nicht auszuschließende Klassen: %1</translation>
  </message>
  <message>
   <source>Click corners on the map and end with a right click.</source>
   <translation>Ecken auf der Karte anklicken und mit einem Rechtsklick abschließen.</translation>
  </message>
  <message>
   <source>Close every program that has the run open, remove the file if it is still there, and open again.</source>
   <translation>Alle Programme schließen, die den Lauf geöffnet haben, die Datei entfernen, falls sie noch da ist, und erneut öffnen.</translation>
  </message>
  <message>
   <source>Code</source>
   <translation>Code</translation>
  </message>
  <message>
   <source>Compare</source>
   <translation>Vergleich</translation>
  </message>
  <message>
   <source>Compare %1 or %2, which depend on no edge.</source>
   <translation>%1 oder %2 vergleichen, die von keiner Klassengrenze abhängen.</translation>
  </message>
  <message>
   <source>Compare two maps</source>
   <translation>Zwei Karten vergleichen</translation>
  </message>
  <message>
   <source>Compare: B − A</source>
   <translation>Vergleichen: B − A</translation>
  </message>
  <message>
   <source>Comparison</source>
   <translation>Vergleich</translation>
  </message>
  <message>
   <source>Condition</source>
   <translation>Bedingung</translation>
  </message>
  <message>
   <source>Contents</source>
   <translation>Inhalt</translation>
  </message>
  <message>
   <source>Copied.</source>
   <translation>Kopiert.</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Copy rebuild command</source>
   <translation>Befehl für den Lauf kopieren</translation>
  </message>
  <message>
   <source>Copy what is shown as text</source>
   <translation>Das Angezeigte als Text kopieren</translation>
  </message>
  <message>
   <source>Correlation</source>
   <translation>Korrelation</translation>
  </message>
  <message>
   <source>Cost</source>
   <translation>Kosten</translation>
  </message>
  <message>
   <source>Cost (km²)</source>
   <translation>Kosten (km²)</translation>
  </message>
  <message>
   <source>Cost: land that no year has seen</source>
   <translation>Kosten: Land, das noch kein Jahr gesehen hat</translation>
  </message>
  <message>
   <source>Credits</source>
   <translation>Quellennachweise</translation>
  </message>
  <message>
   <source>Curve: the probability of any slump beside its mean, %1 to %2 points from left to right.</source>
   <translation>Kurve: die Wahrscheinlichkeit für Taurutschungen gegenüber ihrem Mittel, von links nach rechts %1 bis %2 Punkte.</translation>
  </message>
  <message>
   <source>Dashed marks: what features without meaning would reach.</source>
   <translation>Gestrichelt: was Merkmale ohne Bedeutung erreichen würden.</translation>
  </message>
  <message>
   <source>Density of finds in %1: %2.</source>
   <translation>Dichte der Funde %1: %2.</translation>
  </message>
  <message>
   <source>Difference</source>
   <translation>Differenz</translation>
  </message>
  <message>
   <source>Distance at most</source>
   <translation>Entfernung höchstens</translation>
  </message>
  <message>
   <source>Dots per inch</source>
   <translation>Punkte je Zoll</translation>
  </message>
  <message>
   <source>Draw a figure</source>
   <translation>Abbildung zeichnen</translation>
  </message>
  <message>
   <source>Draw again</source>
   <translation>Neu zeichnen</translation>
  </message>
  <message>
   <source>Draw audit sample</source>
   <translation>Prüfstichprobe ziehen</translation>
  </message>
  <message>
   <source>Draw audit sample…</source>
   <translation>Prüfstichprobe ziehen…</translation>
  </message>
  <message>
   <source>Draw cells paler where their class is less certain</source>
   <translation>Zellen blasser zeichnen, wo ihre Klasse weniger sicher ist</translation>
  </message>
  <message>
   <source>Draws cells of a run at random. </source>
   <translation>Zieht zufällig Zellen eines Laufs. </translation>
  </message>
  <message>
   <source>Driver</source>
   <translation>Treiber</translation>
  </message>
  <message>
   <source>Driver %1</source>
   <translation>Treiber %1</translation>
  </message>
  <message>
   <source>Drivers</source>
   <translation>Treiber</translation>
  </message>
  <message>
   <source>E</source>
   <translation>O</translation>
  </message>
  <message>
   <source>Each value lies in the other's range of doubt.</source>
   <translation>Jeder Wert liegt in der Streuung des anderen.</translation>
  </message>
  <message>
   <source>Earlier year</source>
   <translation>Früheres Jahr</translation>
  </message>
  <message>
   <source>Entropice</source>
   <translation>Entropice</translation>
  </message>
  <message>
   <source>Entropice help</source>
   <translation>Hilfe zu Entropice</translation>
  </message>
  <message>
   <source>Exchange A and B</source>
   <translation>A und B vertauschen</translation>
  </message>
  <message>
   <source>Expected before looking: %1 per km² of land, %2 on all its land.</source>
   <translation>Vor dem Hinsehen erwartet: %1 je km² Land, %2 auf ihrem ganzen Land.</translation>
  </message>
  <message>
   <source>Expected before looking: %1 per km² of land.</source>
   <translation>Vor dem Hinsehen erwartet: %1 je km² Land.</translation>
  </message>
  <message>
   <source>Expected before looking: unknown.</source>
   <translation>Vor dem Hinsehen erwartet: unbekannt.</translation>
  </message>
  <message>
   <source>Expected cells with slumps</source>
   <translation>Erwartete Zellen mit Taurutschungen</translation>
  </message>
  <message>
   <source>Expected information and finds</source>
   <translation>Erwartete Information und Funde</translation>
  </message>
  <message>
   <source>Expected information and finds (bits)</source>
   <translation>Erwartete Information und Funde (bit)</translation>
  </message>
  <message>
   <source>Expected m² / km²</source>
   <translation>Erwartete m² / km²</translation>
  </message>
  <message>
   <source>Expected number of cells with slumps</source>
   <translation>Erwartete Zahl von Zellen mit Taurutschungen</translation>
  </message>
  <message>
   <source>Expected on it before looking</source>
   <translation>Vor dem Hinsehen auf ihr erwartet</translation>
  </message>
  <message>
   <source>Expected share of land in cells of class %1</source>
   <translation>Erwarteter Anteil des Landes in Zellen der Klasse %1</translation>
  </message>
  <message>
   <source>Expected share of land in cells with slumps</source>
   <translation>Erwarteter Anteil des Landes in Zellen mit Taurutschungen</translation>
  </message>
  <message>
   <source>Expected slump area per land area</source>
   <translation>Erwartete Fläche der Taurutschungen je Landfläche</translation>
  </message>
  <message>
   <source>Expected slump area: %1 m² per km² of land</source>
   <translation>Erwartete Fläche der Taurutschungen: %1 m² je km² Land</translation>
  </message>
  <message>
   <source>Expected slump area: unknown</source>
   <translation>Erwartete Fläche der Taurutschungen: unbekannt</translation>
  </message>
  <message>
   <source>Explore cells</source>
   <translation>Zellen erkunden</translation>
  </message>
  <message>
   <source>Export cells</source>
   <translation>Zellen exportieren</translation>
  </message>
  <message>
   <source>Extent</source>
   <translation>Ausdehnung</translation>
  </message>
  <message>
   <source>Extent (all cells where empty)</source>
   <translation>Ausdehnung (alle Zellen, wo leer)</translation>
  </message>
  <message>
   <source>Features</source>
   <translation>Merkmale</translation>
  </message>
  <message>
   <source>Figure</source>
   <translation>Abbildung</translation>
  </message>
  <message>
   <source>Figures (*.png *.pdf *.svg)</source>
   <translation>Abbildungen (*.png *.pdf *.svg)</translation>
  </message>
  <message>
   <source>File</source>
   <translation>Datei</translation>
  </message>
  <message>
   <source>File: %1, field: %2.</source>
   <translation>Datei: %1, Feld: %2.</translation>
  </message>
  <message>
   <source>Filter cells</source>
   <translation>Zellen filtern</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>Folder of runs</source>
   <translation>Ordner der Läufe</translation>
  </message>
  <message>
   <source>Further values</source>
   <translation>Weitere Werte</translation>
  </message>
  <message>
   <source>GPX files (*.gpx)</source>
   <translation>GPX-Dateien (*.gpx)</translation>
  </message>
  <message>
   <source>GPX…</source>
   <translation>GPX…</translation>
  </message>
  <message>
   <source>Gate: left out, as fewer than %1 per km² are expected.</source>
   <translation>Schwelle: ausgelassen, da weniger als %1 je km² erwartet werden.</translation>
  </message>
  <message>
   <source>Gate: left out.</source>
   <translation>Schwelle: ausgelassen.</translation>
  </message>
  <message>
   <source>Gate: passed, as %1 per km² or more are expected.</source>
   <translation>Schwelle: erreicht, da %1 je km² oder mehr erwartet werden.</translation>
  </message>
  <message>
   <source>Gate: passed, as all cells do.</source>
   <translation>Schwelle: erreicht, wie von allen Zellen.</translation>
  </message>
  <message>
   <source>Gate: unknown whether it lets this cell pass.</source>
   <translation>Schwelle: unbekannt, ob diese Zelle sie erreicht.</translation>
  </message>
  <message>
   <source>GeoPackage (*.gpkg)</source>
   <translation>GeoPackage (*.gpkg)</translation>
  </message>
  <message>
   <source>GeoPackage (*.gpkg);;CSV (*.csv);;GeoJSON (*.geojson)</source>
   <translation>GeoPackage (*.gpkg);;CSV (*.csv);;GeoJSON (*.geojson)</translation>
  </message>
  <message>
   <source>GeoPackage…</source>
   <translation>GeoPackage…</translation>
  </message>
  <message>
   <source>Give a budget.</source>
   <translation>Ein Budget angeben.</translation>
  </message>
  <message>
   <source>Give a distance, or no places.</source>
   <translation>Eine Entfernung angeben, oder keine Orte.</translation>
  </message>
  <message>
   <source>Give a share, such as 0.5.</source>
   <translation>Einen Anteil wie 0.5 angeben.</translation>
  </message>
  <message>
   <source>Give the file another suffix.</source>
   <translation>Der Datei eine andere Endung geben.</translation>
  </message>
  <message>
   <source>Graticule</source>
   <translation>Gradnetz</translation>
  </message>
  <message>
   <source>Grid</source>
   <translation>Gitter</translation>
  </message>
  <message>
   <source>Growth: %1.</source>
   <translation>Wachstum: %1.</translation>
  </message>
  <message>
   <source>Height (mm)</source>
   <translation>Höhe (mm)</translation>
  </message>
  <message>
   <source>Held cells</source>
   <translation>Gemerkte Zellen</translation>
  </message>
  <message>
   <source>Held cells, side by side</source>
   <translation>Gemerkte Zellen, nebeneinander</translation>
  </message>
  <message>
   <source>Help</source>
   <translation>Hilfe</translation>
  </message>
  <message>
   <source>Help on this page</source>
   <translation>Hilfe zu dieser Seite</translation>
  </message>
  <message>
   <source>Hide the comparison and show the run</source>
   <translation>Den Vergleich ausblenden und den Lauf zeigen</translation>
  </message>
  <message>
   <source>History of the cell</source>
   <translation>Verlauf der Zelle</translation>
  </message>
  <message>
   <source>History: probability of any slump, and what was observed</source>
   <translation>Verlauf: Wahrscheinlichkeit für Taurutschungen, und was beobachtet wurde</translation>
  </message>
  <message>
   <source>Hold</source>
   <translation>Merken</translation>
  </message>
  <message>
   <source>Hold no cell any more</source>
   <translation>Keine Zelle mehr merken</translation>
  </message>
  <message>
   <source>How alike they are</source>
   <translation>Wie ähnlich sie sind</translation>
  </message>
  <message>
   <source>How good</source>
   <translation>Wie gut</translation>
  </message>
  <message>
   <source>How many runs the list of those opened lately holds.</source>
   <translation>Wie viele Läufe die Liste der zuletzt geöffneten enthält.</translation>
  </message>
  <message>
   <source>How sure</source>
   <translation>Wie sicher</translation>
  </message>
  <message>
   <source>How the cells met</source>
   <translation>Wie sich die Zellen treffen</translation>
  </message>
  <message>
   <source>Imaged.</source>
   <translation>Abgebildet.</translation>
  </message>
  <message>
   <source>Imaged: %1 of the land.</source>
   <translation>Abgebildet: %1 des Landes.</translation>
  </message>
  <message>
   <source>Images</source>
   <translation>Bilder</translation>
  </message>
  <message>
   <source>Importance of its set (%1): %2 nats; without meaning it would reach %3.</source>
   <translation>Wichtigkeit seiner Gruppe (%1): %2 nat; ohne Bedeutung würde sie %3 erreichen.</translation>
  </message>
  <message>
   <source>Keep this cell to compare it</source>
   <translation>Diese Zelle merken, um sie zu vergleichen</translation>
  </message>
  <message>
   <source>Keep what the map shows as a map theme</source>
   <translation>Das auf der Karte Gezeigte als Kartenthema behalten</translation>
  </message>
  <message>
   <source>Kept as map theme: %1</source>
   <translation>Als Kartenthema behalten: %1</translation>
  </message>
  <message>
   <source>Labels</source>
   <translation>Labels</translation>
  </message>
  <message>
   <source>Land</source>
   <translation>Land</translation>
  </message>
  <message>
   <source>Land at least</source>
   <translation>Land mindestens</translation>
  </message>
  <message>
   <source>Land of the cell.</source>
   <translation>Land der Zelle.</translation>
  </message>
  <message>
   <source>Land of the cells</source>
   <translation>Land der Zellen</translation>
  </message>
  <message>
   <source>Land with both</source>
   <translation>Land mit beiden</translation>
  </message>
  <message>
   <source>Largest distance to a place (km)</source>
   <translation>Größte Entfernung zu einem Ort (km)</translation>
  </message>
  <message>
   <source>Later year</source>
   <translation>Späteres Jahr</translation>
  </message>
  <message>
   <source>Leading drivers</source>
   <translation>Wichtigste Treiber</translation>
  </message>
  <message>
   <source>Least share of land (0 to 1)</source>
   <translation>Kleinster Anteil des Landes (0 bis 1)</translation>
  </message>
  <message>
   <source>Leave this constraint out.</source>
   <translation>Diese Bedingung weglassen.</translation>
  </message>
  <message>
   <source>Let all go</source>
   <translation>Alle vergessen</translation>
  </message>
  <message>
   <source>Longitude, latitude in degrees; several places with a semicolon between</source>
   <translation>Länge, Breite in Grad; mehrere Orte durch ein Semikolon getrennt</translation>
  </message>
  <message>
   <source>Look below a folder…</source>
   <translation>Unterhalb eines Ordners suchen…</translation>
  </message>
  <message>
   <source>Look for runs below a folder</source>
   <translation>Läufe unterhalb eines Ordners suchen</translation>
  </message>
  <message>
   <source>Loosen a constraint: less land, a larger distance, cells outside of where the map may be applied.</source>
   <translation>Eine Bedingung lockern: weniger Land, eine größere Entfernung, Zellen außerhalb des Anwendungsbereichs der Karte.</translation>
  </message>
  <message>
   <source>Loss without it</source>
   <translation>Verlust ohne ihn</translation>
  </message>
  <message>
   <source>Lower the budget, or choose a smaller area.</source>
   <translation>Das Budget senken oder ein kleineres Gebiet wählen.</translation>
  </message>
  <message>
   <source>Make the run again with a current Entropice: `kedro run`.</source>
   <translation>Den Lauf mit einem aktuellen Entropice neu machen: `kedro run`.</translation>
  </message>
  <message>
   <source>Make the run again: `kedro run`.</source>
   <translation>Den Lauf neu machen: `kedro run`.</translation>
  </message>
  <message>
   <source>Make the run again: `kedro run`; or export without features.</source>
   <translation>Den Lauf neu machen: `kedro run`; oder ohne Merkmale exportieren.</translation>
  </message>
  <message>
   <source>Map drawn by</source>
   <translation>Karte gezeichnet von</translation>
  </message>
  <message>
   <source>May go on where nobody has looked</source>
   <translation>Geht vielleicht weiter, wo niemand hingesehen hat</translation>
  </message>
  <message>
   <source>Mean absolute difference</source>
   <translation>Mittlere absolute Differenz</translation>
  </message>
  <message>
   <source>Mean chance of its pixels</source>
   <translation>Mittlere Wahrscheinlichkeit seiner Pixel</translation>
  </message>
  <message>
   <source>Mean difference</source>
   <translation>Mittlere Differenz</translation>
  </message>
  <message>
   <source>Meridian; the arrow points north</source>
   <translation>Meridian; der Pfeil zeigt nach Norden</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Model (that of the map where empty)</source>
   <translation>Modell (das der Karte, wo leer)</translation>
  </message>
  <message>
   <source>Model card</source>
   <translation>Modellkarte</translation>
  </message>
  <message>
   <source>Model: %1</source>
   <translation>Modell: %1</translation>
  </message>
  <message>
   <source>Model: %1. Entropice run %2. Projection: NSIDC polar stereographic north (EPSG:3413).</source>
   <translation>Modell: %1. Entropice-Lauf %2. Projektion: NSIDC polarstereografisch Nord (EPSG:3413).</translation>
  </message>
  <message>
   <source>N</source>
   <translation>N</translation>
  </message>
  <message>
   <source>Name of a quantity, such as class or p_any_rts. Where it is empty, or not in a run, that of the run.</source>
   <translation>Name einer Größe, etwa class oder p_any_rts. Wo leer oder in einem Lauf nicht vorhanden, die des Laufs.</translation>
  </message>
  <message>
   <source>No cell is chosen: choose “Explore cells” and click one on the map.</source>
   <translation>Keine Zelle ist gewählt: „Zellen erkunden“ wählen und eine auf der Karte anklicken.</translation>
  </message>
  <message>
   <source>No layer of the cells can be drawn.</source>
   <translation>Kein Layer der Zellen kann gezeichnet werden.</translation>
  </message>
  <message>
   <source>No more than %1 cells can be held; let one go first.</source>
   <translation>Mehr als %1 Zellen können nicht gemerkt werden; zuerst eine vergessen.</translation>
  </message>
  <message>
   <source>No prediction for this cell and year.</source>
   <translation>Für diese Zelle und dieses Jahr gibt es keine Vorhersage.</translation>
  </message>
  <message>
   <source>No survey can be planned.</source>
   <translation>Eine Erkundung kann nicht geplant werden.</translation>
  </message>
  <message>
   <source>Nobody has looked at any of these cells; of some an image shows a part.</source>
   <translation>Niemand hat eine dieser Zellen angesehen; von manchen zeigt ein Bild einen Teil.</translation>
  </message>
  <message>
   <source>Not imaged.</source>
   <translation>Nicht abgebildet.</translation>
  </message>
  <message>
   <source>Not on the map: %1</source>
   <translation>Nicht auf der Karte: %1</translation>
  </message>
  <message>
   <source>Not ruled out</source>
   <translation>Nicht auszuschließen</translation>
  </message>
  <message>
   <source>Not told apart from features without meaning: do not read it as a cause.</source>
   <translation>Nicht von Merkmalen ohne Bedeutung zu unterscheiden: nicht als Ursache lesen.</translation>
  </message>
  <message>
   <source>Nothing goes beyond chance.</source>
   <translation>Nichts geht über den Zufall hinaus.</translation>
  </message>
  <message>
   <source>Number of cells</source>
   <translation>Zahl der Zellen</translation>
  </message>
  <message>
   <source>Number of layers added</source>
   <translation>Zahl der hinzugefügten Layer</translation>
  </message>
  <message>
   <source>Number of recent runs</source>
   <translation>Zahl der letzten Läufe</translation>
  </message>
  <message>
   <source>Number of the cell on %1.</source>
   <translation>Nummer der Zelle auf %1.</translation>
  </message>
  <message>
   <source>Number of the cell on its grid.</source>
   <translation>Nummer der Zelle auf ihrem Gitter.</translation>
  </message>
  <message>
   <source>Object, the same in all years</source>
   <translation>Objekt, in allen Jahren dasselbe</translation>
  </message>
  <message>
   <source>Observation</source>
   <translation>Beobachtung</translation>
  </message>
  <message>
   <source>Observed</source>
   <translation>Beobachtet</translation>
  </message>
  <message>
   <source>Of texts: the same or another, of classes the steps.</source>
   <translation>Bei Texten: gleich oder anders, bei Klassen die Stufen.</translation>
  </message>
  <message>
   <source>One column per cell. Delete lets the selected cells go.</source>
   <translation>Eine Spalte je Zelle. Entf vergisst die ausgewählten Zellen.</translation>
  </message>
  <message>
   <source>One quantity of a run in one year as a page: map with graticule, legend with units, scale bar, credits and run id. The suffix of the file decides: .png, .pdf or .svg. The same run gives the same file.</source>
   <translation>Eine Größe eines Laufs in einem Jahr als Seite: Karte mit Gradnetz, Legende mit Einheiten, Maßstab, Quellennachweisen und Kennung des Laufs. Die Endung der Datei entscheidet: .png, .pdf oder .svg. Derselbe Lauf ergibt dieselbe Datei.</translation>
  </message>
  <message>
   <source>Only cells of which nothing was seen</source>
   <translation>Nur Zellen, von denen nichts gesehen wurde</translation>
  </message>
  <message>
   <source>Only cells of which nothing was seen in any year</source>
   <translation>Nur Zellen, von denen in keinem Jahr etwas gesehen wurde</translation>
  </message>
  <message>
   <source>Only cells where the map may be applied</source>
   <translation>Nur Zellen im Anwendungsbereich der Karte</translation>
  </message>
  <message>
   <source>Only where the map may be applied</source>
   <translation>Nur im Anwendungsbereich der Karte</translation>
  </message>
  <message>
   <source>Open Entropice run</source>
   <translation>Entropice-Lauf öffnen</translation>
  </message>
  <message>
   <source>Open Entropice run…</source>
   <translation>Entropice-Lauf öffnen…</translation>
  </message>
  <message>
   <source>Open a run of images to see its scores and model cards.</source>
   <translation>Öffnen Sie einen Lauf mit Bildern, um seine Gütemaße und Modellkarten zu sehen.</translation>
  </message>
  <message>
   <source>Open a run to compare years, quantities or runs.</source>
   <translation>Einen Lauf öffnen, um Jahre, Größen oder Läufe zu vergleichen.</translation>
  </message>
  <message>
   <source>Open a run to plan a survey.</source>
   <translation>Einen Lauf öffnen, um eine Erkundung zu planen.</translation>
  </message>
  <message>
   <source>Open a run to see how good it is and where it comes from.</source>
   <translation>Einen Lauf öffnen, um zu sehen, wie gut er ist und woher er kommt.</translation>
  </message>
  <message>
   <source>Open a run, choose “Explore cells” and click a cell on the map.</source>
   <translation>Einen Lauf öffnen, „Zellen erkunden“ wählen und eine Zelle auf der Karte anklicken.</translation>
  </message>
  <message>
   <source>Open report</source>
   <translation>Bericht öffnen</translation>
  </message>
  <message>
   <source>Open the run folder again.</source>
   <translation>Den Laufordner erneut öffnen.</translation>
  </message>
  <message>
   <source>Open the run whose model was applied; an applied model has no map of its own in QGIS.</source>
   <translation>Den Lauf öffnen, dessen Modell angewendet wurde; ein angewendetes Modell hat keine eigene Karte in QGIS.</translation>
  </message>
  <message>
   <source>Opened lately</source>
   <translation>Zuletzt geöffnet</translation>
  </message>
  <message>
   <source>Opening the run %1</source>
   <translation>Der Lauf %1 wird geöffnet</translation>
  </message>
  <message>
   <source>Opens a run folder of Entropice: one layer of cells that shows any quantity and year, in a polar projection that is right at the pole and at 180 degrees. Ask a cell for its probabilities, doubts and drivers, compare runs, and plan where to survey next. Every file is checked against the manifest before it is opened, nothing in the run is changed, and nothing is fetched from a network. Needs no other packages.</source>
   <translation>Öffnet einen Laufordner von Entropice: ein Layer von Zellen, der jede Größe und jedes Jahr zeigt, in einer polaren Projektion, die am Pol und bei 180 Grad stimmt. Eine Zelle nach Wahrscheinlichkeiten, Unsicherheiten und Treibern fragen, Läufe vergleichen und planen, wo als Nächstes zu erkunden ist. Jede Datei wird vor dem Öffnen gegen das Manifest geprüft, nichts im Lauf wird geändert, und nichts wird aus einem Netz geholt. Braucht keine anderen Pakete.</translation>
  </message>
  <message>
   <source>Other runs…</source>
   <translation>Andere Läufe…</translation>
  </message>
  <message>
   <source>Others</source>
   <translation>Andere</translation>
  </message>
  <message>
   <source>Outlines found</source>
   <translation>Gefundene Umrisse</translation>
  </message>
  <message>
   <source>Parallel</source>
   <translation>Breitenkreis</translation>
  </message>
  <message>
   <source>Pixels inside the outline</source>
   <translation>Pixel innerhalb des Umrisses</translation>
  </message>
  <message>
   <source>Place</source>
   <translation>Ort</translation>
  </message>
  <message>
   <source>Places (points)</source>
   <translation>Orte (Punkte)</translation>
  </message>
  <message>
   <source>Places as longitude, latitude; longitude, latitude … (degrees)</source>
   <translation>Orte als Länge, Breite; Länge, Breite … (Grad)</translation>
  </message>
  <message>
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <source>Plan a survey</source>
   <translation>Erkundung planen</translation>
  </message>
  <message>
   <source>Planning a survey</source>
   <translation>Eine Erkundung wird geplant</translation>
  </message>
  <message>
   <source>Polygons of a layer</source>
   <translation>Polygone eines Layers</translation>
  </message>
  <message>
   <source>Prediction</source>
   <translation>Vorhersage</translation>
  </message>
  <message>
   <source>Probabilities are those of %1. A cell costs its land that no year has seen, at least %2 km². In brackets: ends of the cells' 90 % ranges, added up. Neighbours of a chosen cell count for less, as in the run's own rank.</source>
   <translation>Die Wahrscheinlichkeiten sind die von %1. Eine Zelle kostet ihr Land, das noch kein Jahr gesehen hat, mindestens %2 km². In Klammern: die Enden der 90-%-Bereiche der Zellen, summiert. Nachbarn einer gewählten Zelle zählen weniger, wie in der Rangfolge des Laufs.</translation>
  </message>
  <message>
   <source>Probability of any slump</source>
   <translation>Wahrscheinlichkeit für Taurutschungen</translation>
  </message>
  <message>
   <source>Probability of any slump: %1</source>
   <translation>Wahrscheinlichkeit für Taurutschungen: %1</translation>
  </message>
  <message>
   <source>Problem</source>
   <translation>Problem</translation>
  </message>
  <message>
   <source>QGIS misreads the name of a folder.</source>
   <translation>QGIS liest den Namen eines Ordners falsch.</translation>
  </message>
  <message>
   <source>QGIS project (*.qgz)</source>
   <translation>QGIS-Projekt (*.qgz)</translation>
  </message>
  <message>
   <source>QGIS reports %1</source>
   <translation>QGIS meldet %1</translation>
  </message>
  <message>
   <source>Quantities</source>
   <translation>Größen</translation>
  </message>
  <message>
   <source>Quantity</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Quantity %1</source>
   <translation>Größe %1</translation>
  </message>
  <message>
   <source>Quantity A</source>
   <translation>Größe A</translation>
  </message>
  <message>
   <source>Quantity B</source>
   <translation>Größe B</translation>
  </message>
  <message>
   <source>Quantity shown first</source>
   <translation>Zuerst gezeigte Größe</translation>
  </message>
  <message>
   <source>Quantity, such as p_any_rts (that of the run where empty)</source>
   <translation>Größe, etwa p_any_rts (die des Laufs, wo leer)</translation>
  </message>
  <message>
   <source>Raise the budget.</source>
   <translation>Das Budget erhöhen.</translation>
  </message>
  <message>
   <source>Random seed</source>
   <translation>Startwert des Zufalls</translation>
  </message>
  <message>
   <source>Rank</source>
   <translation>Rang</translation>
  </message>
  <message>
   <source>Rank correlation</source>
   <translation>Rangkorrelation</translation>
  </message>
  <message>
   <source>Region</source>
   <translation>Region</translation>
  </message>
  <message>
   <source>Rename the folder, then open the run again.</source>
   <translation>Den Ordner umbenennen, dann den Lauf erneut öffnen.</translation>
  </message>
  <message>
   <source>Right raises the probability of any slump, left lowers it; bars reach to ± %1 % of all contributions.</source>
   <translation>Rechts erhöht die Wahrscheinlichkeit für Taurutschungen, links senkt sie; die Balken reichen bis ± %1 % aller Beiträge.</translation>
  </message>
  <message>
   <source>Right speaks for what is said of the cell, left against it; bars reach to ± %1 % of all contributions.</source>
   <translation>Rechts spricht für das, was von der Zelle gesagt wird, links dagegen; die Balken reichen bis ± %1 % aller Beiträge.</translation>
  </message>
  <message>
   <source>Run</source>
   <translation>Lauf</translation>
  </message>
  <message>
   <source>Run %1</source>
   <translation>Lauf %1</translation>
  </message>
  <message>
   <source>Run A</source>
   <translation>Lauf A</translation>
  </message>
  <message>
   <source>Run B</source>
   <translation>Lauf B</translation>
  </message>
  <message>
   <source>Run `kedro run --pipelines reporting` again, or get the run folder afresh from who made it.</source>
   <translation>`kedro run --pipelines reporting` erneut ausführen, oder den Laufordner neu von seinem Urheber holen.</translation>
  </message>
  <message>
   <source>Run folder</source>
   <translation>Laufordner</translation>
  </message>
  <message>
   <source>Run folder A</source>
   <translation>Laufordner A</translation>
  </message>
  <message>
   <source>Run folder B</source>
   <translation>Laufordner B</translation>
  </message>
  <message>
   <source>Run of images</source>
   <translation>Lauf mit Bildern</translation>
  </message>
  <message>
   <source>Runs</source>
   <translation>Läufe</translation>
  </message>
  <message>
   <source>S</source>
   <translation>S</translation>
  </message>
  <message>
   <source>Save CSV…</source>
   <translation>CSV speichern…</translation>
  </message>
  <message>
   <source>Save as project</source>
   <translation>Als Projekt speichern</translation>
  </message>
  <message>
   <source>Save cells as a table</source>
   <translation>Zellen als Tabelle speichern</translation>
  </message>
  <message>
   <source>Save survey plan</source>
   <translation>Erkundungsplan speichern</translation>
  </message>
  <message>
   <source>Saved: %1</source>
   <translation>Gespeichert: %1</translation>
  </message>
  <message>
   <source>Scale in the middle of the map; north is along the meridians, as their arrows point.</source>
   <translation>Maßstab in der Mitte der Karte; Norden liegt entlang der Meridiane, wie ihre Pfeile zeigen.</translation>
  </message>
  <message>
   <source>Scheme of folds</source>
   <translation>Schema der Folds</translation>
  </message>
  <message>
   <source>Score</source>
   <translation>Gütemaß</translation>
  </message>
  <message>
   <source>Scores</source>
   <translation>Gütemaße</translation>
  </message>
  <message>
   <source>Scores of the two maps, with 95 % intervals</source>
   <translation>Gütemaße der beiden Karten, mit 95-%-Intervallen</translation>
  </message>
  <message>
   <source>Scores side by side</source>
   <translation>Gütemaße nebeneinander</translation>
  </message>
  <message>
   <source>Settings…</source>
   <translation>Einstellungen…</translation>
  </message>
  <message>
   <source>Sheet</source>
   <translation>Erhebungsbogen</translation>
  </message>
  <message>
   <source>Show what lies above the cells</source>
   <translation>Zeigen, was über den Zellen liegt</translation>
  </message>
  <message>
   <source>Show what lies below the cells</source>
   <translation>Zeigen, was unter den Zellen liegt</translation>
  </message>
  <message>
   <source>Smaller than what is counted</source>
   <translation>Kleiner als das, was gezählt wird</translation>
  </message>
  <message>
   <source>Source files</source>
   <translation>Quelldateien</translation>
  </message>
  <message>
   <source>Split of its ground</source>
   <translation>Teilmenge, zu der sein Boden gehört</translation>
  </message>
  <message>
   <source>Standard deviation of the area</source>
   <translation>Standardabweichung der Fläche</translation>
  </message>
  <message>
   <source>Steps ahead: %1</source>
   <translation>Schritte voraus: %1</translation>
  </message>
  <message>
   <source>Sum of the chances that these are true</source>
   <translation>Summe der Chancen, dass diese echt sind</translation>
  </message>
  <message>
   <source>Survey</source>
   <translation>Erkundung</translation>
  </message>
  <message>
   <source>Survey plan</source>
   <translation>Erkundungsplan</translation>
  </message>
  <message>
   <source>Survey plan: %1 cells, %2 km²</source>
   <translation>Erkundungsplan: %1 Zellen, %2 km²</translation>
  </message>
  <message>
   <source>Take again</source>
   <translation>Neu nehmen</translation>
  </message>
  <message>
   <source>Task</source>
   <translation>Aufgabe</translation>
  </message>
  <message>
   <source>The cells of a run of which all conditions hold, such as: %1. A quantity counts in the given year, or in its own where its column is named (p_any_rts_2021). Operators are = != &lt; &lt;= &gt; &gt;=, and “is known”, “is unknown”; what is unknown satisfies nothing else.</source>
   <translation>Die Zellen eines Laufs, für die alle Bedingungen gelten, etwa: %1. Eine Größe zählt im angegebenen Jahr, oder in ihrem eigenen, wo ihre Spalte genannt ist (p_any_rts_2021). Operatoren sind = != &lt; &lt;= &gt; &gt;= sowie “is known”, “is unknown”; Unbekanntes erfüllt nichts anderes.</translation>
  </message>
  <message>
   <source>The difference B − A of two quantities, years or runs, and how alike they are. Runs of other grids or levels meet on the larger cells: through the ids of the cell hierarchy where these nest, else by overlay. Without B's folder, quantity or year, A's counts; without A's year, the latest.</source>
   <translation>Die Differenz B − A zweier Größen, Jahre oder Läufe, und wie ähnlich sie sind. Läufe mit anderem Gitter oder anderer Stufe treffen sich auf den größeren Zellen: über die Kennungen der Zellhierarchie, wo diese sich schachteln, sonst durch Überlagerung. Ohne Ordner, Größe oder Jahr von B gelten die von A; ohne Jahr von A das letzte.</translation>
  </message>
  <message>
   <source>The figure cannot be drawn.</source>
   <translation>Die Abbildung kann nicht gezeichnet werden.</translation>
  </message>
  <message>
   <source>The file cannot be written in this format.</source>
   <translation>Die Datei kann in diesem Format nicht geschrieben werden.</translation>
  </message>
  <message>
   <source>The folds are the same: each score is of the same held-out cells.</source>
   <translation>Die Folds sind dieselben: Jedes Gütemaß gilt für dieselben zurückgehaltenen Zellen.</translation>
  </message>
  <message>
   <source>The folds differ: each score is of other held-out cells, so small differences say little.</source>
   <translation>Die Folds unterscheiden sich: Jedes Gütemaß gilt für andere zurückgehaltene Zellen, kleine Unterschiede sagen daher wenig.</translation>
  </message>
  <message>
   <source>The gate was chosen to miss at most %1 on average; in %2 blocks of ground it misses %3.</source>
   <translation>Die Schwelle wurde so gewählt, dass im Mittel höchstens %1 verpasst werden; in %2 Blöcken verpasst sie %3.</translation>
  </message>
  <message>
   <source>The manifest names a file that may not be opened.</source>
   <translation>Das Manifest nennt eine Datei, die nicht geöffnet werden darf.</translation>
  </message>
  <message>
   <source>The manifest of this run cannot be read.</source>
   <translation>Das Manifest dieses Laufs kann nicht gelesen werden.</translation>
  </message>
  <message>
   <source>The manifest of this run is not usable.</source>
   <translation>Das Manifest dieses Laufs ist nicht verwendbar.</translation>
  </message>
  <message>
   <source>The map does not show this year.</source>
   <translation>Die Karte zeigt dieses Jahr nicht.</translation>
  </message>
  <message>
   <source>The map is not to be trusted here: %1.</source>
   <translation>Der Karte ist hier nicht zu trauen: %1.</translation>
  </message>
  <message>
   <source>The map may be trusted here.</source>
   <translation>Der Karte ist hier zu trauen.</translation>
  </message>
  <message>
   <source>The output cannot be read: %1</source>
   <translation>Die Ausgabe kann nicht gelesen werden: %1</translation>
  </message>
  <message>
   <source>The project could not be saved: %1</source>
   <translation>Das Projekt konnte nicht gespeichert werden: %1</translation>
  </message>
  <message>
   <source>The project is in %1: cells at the pole and at 180° may be drawn wrongly. Set it to %2.</source>
   <translation>Das Projekt ist in %1: Zellen am Pol und bei 180° werden vielleicht falsch gezeichnet. Auf %2 umstellen.</translation>
  </message>
  <message>
   <source>The run did not test them against features without meaning.</source>
   <translation>Der Lauf hat sie nicht gegen Merkmale ohne Bedeutung geprüft.</translation>
  </message>
  <message>
   <source>The run does not have this year.</source>
   <translation>Der Lauf hat dieses Jahr nicht.</translation>
  </message>
  <message>
   <source>The run does not say this of its cells.</source>
   <translation>Der Lauf sagt dies nicht von seinen Zellen.</translation>
  </message>
  <message>
   <source>The run does not say what was observed.</source>
   <translation>Der Lauf sagt nicht, was beobachtet wurde.</translation>
  </message>
  <message>
   <source>The run does not say whether the map may be trusted here.</source>
   <translation>Der Lauf sagt nicht, ob der Karte hier zu trauen ist.</translation>
  </message>
  <message>
   <source>The run has no such map.</source>
   <translation>Der Lauf hat keine solche Karte.</translation>
  </message>
  <message>
   <source>The run keeps no values of features.</source>
   <translation>Der Lauf enthält keine Werte von Merkmalen.</translation>
  </message>
  <message>
   <source>The run keeps no values of this feature.</source>
   <translation>Der Lauf enthält keine Werte dieses Merkmals.</translation>
  </message>
  <message>
   <source>The run was made again since it was opened.</source>
   <translation>Der Lauf wurde neu gemacht, seit er geöffnet wurde.</translation>
  </message>
  <message>
   <source>The runs have learned from other labels (%1 differ).</source>
   <translation>Die Läufe haben aus anderen Labels gelernt (%1 unterscheiden sich).</translation>
  </message>
  <message>
   <source>The sample does not fit the map.</source>
   <translation>Die Stichprobe passt nicht zur Karte.</translation>
  </message>
  <message>
   <source>The sheet cannot be written; nothing was changed.</source>
   <translation>Der Erhebungsbogen kann nicht geschrieben werden; nichts wurde geändert.</translation>
  </message>
  <message>
   <source>The tables about features cannot be read.</source>
   <translation>Die Tabellen über Merkmale können nicht gelesen werden.</translation>
  </message>
  <message>
   <source>The tables about tiles cannot be read.</source>
   <translation>Die Tabellen der Kacheln lassen sich nicht lesen.</translation>
  </message>
  <message>
   <source>The tables of this run are not such as the pipeline writes.</source>
   <translation>Die Tabellen dieses Laufs sind nicht so, wie die Pipeline sie schreibt.</translation>
  </message>
  <message>
   <source>The view of the map</source>
   <translation>Der Ausschnitt der Karte</translation>
  </message>
  <message>
   <source>These cells cannot be chosen.</source>
   <translation>Diese Zellen können nicht gewählt werden.</translation>
  </message>
  <message>
   <source>These two cannot be compared.</source>
   <translation>Diese beiden können nicht verglichen werden.</translation>
  </message>
  <message>
   <source>This cell is held already.</source>
   <translation>Diese Zelle ist schon gemerkt.</translation>
  </message>
  <message>
   <source>This folder is not an Entropice run.</source>
   <translation>Dieser Ordner ist kein Entropice-Lauf.</translation>
  </message>
  <message>
   <source>This quantity cannot be brought to larger cells, and the two runs have cells of other sizes.</source>
   <translation>Diese Größe kann nicht auf größere Zellen gebracht werden, und die beiden Läufe haben verschieden große Zellen.</translation>
  </message>
  <message>
   <source>This run does not value cells that nobody has looked at.</source>
   <translation>Dieser Lauf bewertet keine Zellen, die niemand angesehen hat.</translation>
  </message>
  <message>
   <source>This run folder has no readable table %1, so less is said of drivers and features; make the run again.</source>
   <translation>Dieser Laufordner hat keine lesbare Tabelle %1, daher wird weniger über Treiber und Merkmale gesagt; den Lauf neu machen.</translation>
  </message>
  <message>
   <source>This run is not complete: its manifest, which is written last, is missing.</source>
   <translation>Dieser Lauf ist nicht vollständig: Sein Manifest, das zuletzt geschrieben wird, fehlt.</translation>
  </message>
  <message>
   <source>This run is of images and has no cells: open it on the map, and choose a run with cells here.</source>
   <translation>Dieser Lauf handelt von Bildern und hat keine Zellen: Öffnen Sie ihn auf der Karte und wählen Sie hier einen Lauf mit Zellen.</translation>
  </message>
  <message>
   <source>Tile</source>
   <translation>Kachel</translation>
  </message>
  <message>
   <source>Title (quantity and year where empty)</source>
   <translation>Titel (Größe und Jahr, wo leer)</translation>
  </message>
  <message>
   <source>Trust</source>
   <translation>Verlässlichkeit</translation>
  </message>
  <message>
   <source>Trust in the map here: %1.</source>
   <translation>Verlässlichkeit der Karte hier: %1.</translation>
  </message>
  <message>
   <source>Unknown in this cell and year.</source>
   <translation>In dieser Zelle und diesem Jahr unbekannt.</translation>
  </message>
  <message>
   <source>Update the plugin, or get a run of a current Entropice.</source>
   <translation>Die Erweiterung aktualisieren oder einen Lauf eines aktuellen Entropice beschaffen.</translation>
  </message>
  <message>
   <source>Value</source>
   <translation>Wert</translation>
  </message>
  <message>
   <source>Value among the training rows</source>
   <translation>Wert unter den Trainingsdaten</translation>
  </message>
  <message>
   <source>Value, 95 % interval</source>
   <translation>Wert, 95-%-Intervall</translation>
  </message>
  <message>
   <source>Values among the training rows</source>
   <translation>Werte unter den Trainingsdaten</translation>
  </message>
  <message>
   <source>W</source>
   <translation>W</translation>
  </message>
  <message>
   <source>Wait until the run is made. If none is being made: %1</source>
   <translation>Warten, bis der Lauf fertig ist. Falls gerade keiner läuft: %1</translation>
  </message>
  <message>
   <source>What drives it (log skill lost without it)</source>
   <translation>Was ihn treibt (verlorener Log-Skill ohne den Treiber)</translation>
  </message>
  <message>
   <source>What its columns mean</source>
   <translation>Bedeutung der Spalten</translation>
  </message>
  <message>
   <source>What the tab Survey begins with. 0: the budget of the run.</source>
   <translation>Womit der Reiter Erkundung beginnt. 0: das Budget des Laufs.</translation>
  </message>
  <message>
   <source>Where it comes from</source>
   <translation>Woher er kommt</translation>
  </message>
  <message>
   <source>Where retrogressive thaw slumps occur, why there, and how sure we are: maps, doubts, drivers and survey plans from one run folder</source>
   <translation>Wo rückschreitende Taurutschungen vorkommen, warum dort, und wie sicher wir sind: Karten, Unsicherheiten, Treiber und Erkundungspläne aus einem Laufordner</translation>
  </message>
  <message>
   <source>Where the windows that ask for a folder begin. Where it is empty, in that of the run opened last.</source>
   <translation>Wo die Fenster beginnen, die nach einem Ordner fragen. Wo leer, im Ordner des zuletzt geöffneten Laufs.</translation>
  </message>
  <message>
   <source>Where to look next: elsewhere, it is imaged already.</source>
   <translation>Wo als Nächstes hinsehen: anderswo, sie ist schon abgebildet.</translation>
  </message>
  <message>
   <source>Where to look next: no rank is told.</source>
   <translation>Wo als Nächstes hinsehen: kein Rang genannt.</translation>
  </message>
  <message>
   <source>Where to look next: not here, it is left out.</source>
   <translation>Wo als Nächstes hinsehen: nicht hier, sie ist ausgelassen.</translation>
  </message>
  <message>
   <source>Where to look next: rank %1 of the cells that pass and are not imaged.</source>
   <translation>Wo als Nächstes hinsehen: Rang %1 der Zellen, die die Schwelle erreichen und nicht abgebildet sind.</translation>
  </message>
  <message>
   <source>Whether land is seen as soon as a run is opened.</source>
   <translation>Ob Land zu sehen ist, sobald ein Lauf geöffnet ist.</translation>
  </message>
  <message>
   <source>Whether slump outlines and searched ground are seen as soon as a run is opened.</source>
   <translation>Ob Umrisse von Taurutschungen und abgesuchtes Gebiet zu sehen sind, sobald ein Lauf geöffnet ist.</translation>
  </message>
  <message>
   <source>Whether the folds are the same is unknown.</source>
   <translation>Ob die Folds dieselben sind, ist unbekannt.</translation>
  </message>
  <message>
   <source>Width (mm)</source>
   <translation>Breite (mm)</translation>
  </message>
  <message>
   <source>With the values of features</source>
   <translation>Mit den Werten der Merkmale</translation>
  </message>
  <message>
   <source>Within each other's 90 % range</source>
   <translation>Jeweils im 90-%-Bereich des anderen</translation>
  </message>
  <message>
   <source>Write 1 (any slump) or 0 (none) into the column observed of each cell that you can judge, save, then run: kedro run --pipelines audit --params model=%1,answers=%2</source>
   <translation>In die Spalte observed jeder Zelle, die sich beurteilen lässt, 1 (mindestens eine Taurutschung) oder 0 (keine) schreiben, speichern, dann ausführen: kedro run --pipelines audit --params model=%1,answers=%2</translation>
  </message>
  <message>
   <source>Write places such as %1</source>
   <translation>Orte schreiben wie %1</translation>
  </message>
  <message>
   <source>Writes quantities of a run, separated by commas (all where empty), for years (all where empty), with the values of features if wanted. The suffix of the file decides: .gpkg, .csv (centres as longitude and latitude) or .geojson (WGS 84, cut at ±180°). Beside it a file _about.json says what each column means, and whom to credit.</source>
   <translation>Schreibt Größen eines Laufs, durch Kommas getrennt (alle, wo leer), für Jahre (alle, wo leer), auf Wunsch mit den Werten der Merkmale. Die Endung der Datei entscheidet: .gpkg, .csv (Mitten als Länge und Breite) oder .geojson (WGS 84, bei ±180° geschnitten). Daneben sagt eine Datei _about.json, was jede Spalte bedeutet und wer zu nennen ist.</translation>
  </message>
  <message>
   <source>Year</source>
   <translation>Jahr</translation>
  </message>
  <message>
   <source>Year %1</source>
   <translation>Jahr %1</translation>
  </message>
  <message>
   <source>Year (the latest where empty)</source>
   <translation>Jahr (das letzte, wo leer)</translation>
  </message>
  <message>
   <source>Year A</source>
   <translation>Jahr A</translation>
  </message>
  <message>
   <source>Year B</source>
   <translation>Jahr B</translation>
  </message>
  <message>
   <source>Year of the images</source>
   <translation>Jahr der Bilder</translation>
  </message>
  <message>
   <source>Years</source>
   <translation>Jahre</translation>
  </message>
  <message>
   <source>a GeoPackage</source>
   <translation>ein GeoPackage</translation>
  </message>
  <message>
   <source>a GeoTIFF in %1</source>
   <translation>ein GeoTIFF in %1</translation>
  </message>
  <message>
   <source>a cell</source>
   <translation>eine Zelle</translation>
  </message>
  <message>
   <source>a file</source>
   <translation>eine Datei</translation>
  </message>
  <message>
   <source>a file outside the run folder</source>
   <translation>eine Datei außerhalb des Laufordners</translation>
  </message>
  <message>
   <source>a file that can be read</source>
   <translation>eine lesbare Datei</translation>
  </message>
  <message>
   <source>a layer of the cells with a scale</source>
   <translation>ein Layer der Zellen mit einer Skala</translation>
  </message>
  <message>
   <source>a layer with polygons</source>
   <translation>ein Layer mit Polygonen</translation>
  </message>
  <message>
   <source>a name in a folder that can be written to</source>
   <translation>ein Name in einem beschreibbaren Ordner</translation>
  </message>
  <message>
   <source>a name that ends in %1</source>
   <translation>ein Name, der auf %1 endet</translation>
  </message>
  <message>
   <source>a name that no file has, in a folder that can be written to</source>
   <translation>ein Name, den keine Datei hat, in einem beschreibbaren Ordner</translation>
  </message>
  <message>
   <source>a number such as 0.8, or a percentage such as 80 %</source>
   <translation>eine Zahl wie 0.8 oder ein Prozentsatz wie 80 %</translation>
  </message>
  <message>
   <source>a page of a size and resolution that fit the memory</source>
   <translation>eine Seite, deren Größe und Auflösung in den Speicher passen</translation>
  </message>
  <message>
   <source>a run folder</source>
   <translation>ein Laufordner</translation>
  </message>
  <message>
   <source>a run that does not say where the map may be applied</source>
   <translation>ein Lauf, der seinen Anwendungsbereich nicht nennt</translation>
  </message>
  <message>
   <source>a run with %1</source>
   <translation>ein Lauf mit %1</translation>
  </message>
  <message>
   <source>a run with the layer %1, which has cells that nobody has looked at</source>
   <translation>ein Lauf mit dem Layer %1 und mit Zellen, die niemand angesehen hat</translation>
  </message>
  <message>
   <source>a run with the layer applicability</source>
   <translation>ein Lauf mit dem Layer applicability</translation>
  </message>
  <message>
   <source>a table with columns of features</source>
   <translation>eine Tabelle mit Spalten von Merkmalen</translation>
  </message>
  <message>
   <source>about %1</source>
   <translation>etwa %1</translation>
  </message>
  <message>
   <source>above all training rows</source>
   <translation>über allen Trainingsdaten</translation>
  </message>
  <message>
   <source>among the highest 1 % of the training rows</source>
   <translation>unter dem höchsten 1 % der Trainingsdaten</translation>
  </message>
  <message>
   <source>among the lowest 1 % of the training rows</source>
   <translation>unter dem niedrigsten 1 % der Trainingsdaten</translation>
  </message>
  <message>
   <source>an area</source>
   <translation>ein Gebiet</translation>
  </message>
  <message>
   <source>an expected value, whose mean over land is one again: %1</source>
   <translation>ein Erwartungswert, dessen Mittel über Land wieder einer ist: %1</translation>
  </message>
  <message>
   <source>and from</source>
   <translation>und von</translation>
  </message>
  <message>
   <source>another</source>
   <translation>anders</translation>
  </message>
  <message>
   <source>another driver</source>
   <translation>ein anderer Treiber</translation>
  </message>
  <message>
   <source>any</source>
   <translation>beliebig</translation>
  </message>
  <message>
   <source>any slump</source>
   <translation>mindestens eine Taurutschung</translation>
  </message>
  <message>
   <source>at least %1 km², the cost of the cheapest cell</source>
   <translation>mindestens %1 km², die Kosten der billigsten Zelle</translation>
  </message>
  <message>
   <source>at least one</source>
   <translation>mindestens eine</translation>
  </message>
  <message>
   <source>at most %1 cells</source>
   <translation>höchstens %1 Zellen</translation>
  </message>
  <message>
   <source>below %1</source>
   <translation>unter %1</translation>
  </message>
  <message>
   <source>below all training rows</source>
   <translation>unter allen Trainingsdaten</translation>
  </message>
  <message>
   <source>best %1</source>
   <translation>bestenfalls %1</translation>
  </message>
  <message>
   <source>by overlay of the polygons, the land of a cell taken as spread evenly over it</source>
   <translation>durch Überlagerung der Polygone, wobei das Land einer Zelle als gleichmäßig verteilt gilt,</translation>
  </message>
  <message>
   <source>cannot tell</source>
   <translation>nicht zu sagen</translation>
  </message>
  <message>
   <source>conditions joined by AND, such as %1</source>
   <translation>mit AND verbundene Bedingungen, etwa %1</translation>
  </message>
  <message>
   <source>expected</source>
   <translation>erwartet</translation>
  </message>
  <message>
   <source>field</source>
   <translation>Feld</translation>
  </message>
  <message>
   <source>file</source>
   <translation>Datei</translation>
  </message>
  <message>
   <source>fix</source>
   <translation>Abhilfe</translation>
  </message>
  <message>
   <source>found: %1</source>
   <translation>gefunden: %1</translation>
  </message>
  <message>
   <source>found: %1 (sum of their chances: %2)</source>
   <translation>gefunden: %1 (Summe ihrer Chancen: %2)</translation>
  </message>
  <message>
   <source>found: none</source>
   <translation>gefunden: keine</translation>
  </message>
  <message>
   <source>found: unknown</source>
   <translation>gefunden: unbekannt</translation>
  </message>
  <message>
   <source>from</source>
   <translation>von</translation>
  </message>
  <message>
   <source>got</source>
   <translation>gefunden</translation>
  </message>
  <message>
   <source>higher than %1 % of the training rows</source>
   <translation>höher als %1 % der Trainingsdaten</translation>
  </message>
  <message>
   <source>imaged share of the land: %1</source>
   <translation>abgebildeter Anteil des Landes: %1</translation>
  </message>
  <message>
   <source>images, no cells</source>
   <translation>Bilder, keine Zellen</translation>
  </message>
  <message>
   <source>its features are unlike the training data</source>
   <translation>ihre Merkmale gleichen den Trainingsdaten nicht</translation>
  </message>
  <message>
   <source>km²</source>
   <translation>km²</translation>
  </message>
  <message>
   <source>largest distance</source>
   <translation>größte Entfernung</translation>
  </message>
  <message>
   <source>least share of land</source>
   <translation>kleinster Anteil des Landes</translation>
  </message>
  <message>
   <source>longitude (−180 to 180), latitude (−90 to 90) in degrees</source>
   <translation>Länge (−180 bis 180), Breite (−90 bis 90) in Grad</translation>
  </message>
  <message>
   <source>more than %1 cells</source>
   <translation>mehr als %1 Zellen</translation>
  </message>
  <message>
   <source>more than 0 km</source>
   <translation>mehr als 0 km</translation>
  </message>
  <message>
   <source>more than 0 km²</source>
   <translation>mehr als 0 km²</translation>
  </message>
  <message>
   <source>m² per km²</source>
   <translation>m² je km²</translation>
  </message>
  <message>
   <source>m² per year</source>
   <translation>m² pro Jahr</translation>
  </message>
  <message>
   <source>name of the folder</source>
   <translation>Name des Ordners</translation>
  </message>
  <message>
   <source>no</source>
   <translation>nein</translation>
  </message>
  <message>
   <source>no % before two hexadecimal digits, no | before a word with = or :</source>
   <translation>kein % vor zwei hexadezimalen Ziffern, kein | vor einem Wort mit = oder :</translation>
  </message>
  <message>
   <source>no %1</source>
   <translation>kein %1</translation>
  </message>
  <message>
   <source>no CRS</source>
   <translation>kein KBS</translation>
  </message>
  <message>
   <source>no centre of a cell that nobody has looked at</source>
   <translation>keine Mitte einer Zelle, die niemand angesehen hat</translation>
  </message>
  <message>
   <source>no driver that exceeds chance</source>
   <translation>kein Treiber, der über den Zufall hinausgeht</translation>
  </message>
  <message>
   <source>no layer of points</source>
   <translation>kein Punktlayer</translation>
  </message>
  <message>
   <source>no polygon</source>
   <translation>kein Polygon</translation>
  </message>
  <message>
   <source>no reason is told</source>
   <translation>kein Grund ist genannt</translation>
  </message>
  <message>
   <source>no run.</source>
   <translation>kein Lauf.</translation>
  </message>
  <message>
   <source>no such file</source>
   <translation>keine solche Datei</translation>
  </message>
  <message>
   <source>no such values</source>
   <translation>keine solchen Werte</translation>
  </message>
  <message>
   <source>no suffix</source>
   <translation>keine Endung</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keine</translation>
  </message>
  <message>
   <source>none of %1 cells of the area</source>
   <translation>keine von %1 Zellen des Gebiets</translation>
  </message>
  <message>
   <source>none with a scale</source>
   <translation>keiner mit einer Skala</translation>
  </message>
  <message>
   <source>not imaged</source>
   <translation>nicht abgebildet</translation>
  </message>
  <message>
   <source>not imaged in two years</source>
   <translation>nicht in zwei Jahren abgebildet</translation>
  </message>
  <message>
   <source>number of cells</source>
   <translation>Zahl der Zellen</translation>
  </message>
  <message>
   <source>one of %1</source>
   <translation>eines von %1</translation>
  </message>
  <message>
   <source>only where the map may be applied</source>
   <translation>nur im Anwendungsbereich der Karte</translation>
  </message>
  <message>
   <source>per km² of land</source>
   <translation>je km² Land</translation>
  </message>
  <message>
   <source>percentage points</source>
   <translation>Prozentpunkte</translation>
  </message>
  <message>
   <source>seen: %1 km²</source>
   <translation>gesehen: %1 km²</translation>
  </message>
  <message>
   <source>seen: unknown</source>
   <translation>gesehen: unbekannt</translation>
  </message>
  <message>
   <source>share %1: speaks against what is said of the cell</source>
   <translation>Anteil %1: spricht gegen das, was von der Zelle gesagt wird</translation>
  </message>
  <message>
   <source>share %1: speaks for what is said of the cell</source>
   <translation>Anteil %1: spricht für das, was von der Zelle gesagt wird</translation>
  </message>
  <message>
   <source>slumps counted: %1</source>
   <translation>gezählte Taurutschungen: %1</translation>
  </message>
  <message>
   <source>the nearest training cell is %1 away</source>
   <translation>die nächste Trainingszelle ist %1 entfernt</translation>
  </message>
  <message>
   <source>the same</source>
   <translation>gleich</translation>
  </message>
  <message>
   <source>the same class</source>
   <translation>dieselbe Klasse</translation>
  </message>
  <message>
   <source>through the ids of the cell hierarchy</source>
   <translation>über die Kennungen der Zellhierarchie</translation>
  </message>
  <message>
   <source>tiles: %1</source>
   <translation>Kacheln: %1</translation>
  </message>
  <message>
   <source>unit of %1</source>
   <translation>Einheit von %1</translation>
  </message>
  <message>
   <source>unknown</source>
   <translation>unbekannt</translation>
  </message>
  <message>
   <source>unknown features (%1)</source>
   <translation>unbekannte Merkmale (%1)</translation>
  </message>
  <message>
   <source>years separated by commas, such as 2022, 2023</source>
   <translation>durch Kommas getrennte Jahre, etwa 2022, 2023</translation>
  </message>
  <message>
   <source>yes</source>
   <translation>ja</translation>
  </message>
  <message>
   <source>“%1” has no cells: choosers and pages of cells need a run that has.</source>
   <translation>„%1“ hat keine Zellen: Auswahl und Seiten für Zellen brauchen einen Lauf, der welche hat.</translation>
  </message>
 </context>
</TS>
