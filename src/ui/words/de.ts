/** The interface in German. */
import type { Word } from './en.ts'

export const de: Readonly<Record<Word, string>> = {
  'Add the smallest…': 'Das kleinste hinzufügen…',
  Apply: 'Anwenden',
  'Apply it': 'Anwenden',
  'Applying…': 'Wird angewendet…',
  Close: 'Schließen',
  'Close the results': 'Ergebnis schließen',
  'Copy: {command}': 'Kopieren: {command}',
  Examples: 'Beispiele',
  Files: 'Dateien',
  Inspect: 'Untersuchen',
  'Kill it': 'Beende ihn',
  'Loading the editor…': 'Der Editor wird geladen…',
  'Name of the new file': 'Name der neuen Datei',
  'New file': 'Neue Datei',
  'Open an example or add a template': 'Beispiel öffnen oder Vorlage hinzufügen',
  Preview: 'Vorschau',
  'Result of the last apply': 'Ergebnis der letzten Anwendung',
  'This page may not store anything: copy what you want to keep.':
    'Diese Seite darf nichts speichern: Kopieren Sie, was Sie behalten wollen.',
  'What would change': 'Was sich ändern würde',
  'line {line}': 'Zeile {line}',
  refused: 'abgelehnt',
  'send visitors': 'Besucher schicken',
  'stays as it is': 'bleibt, wie es ist',
  'would be changed': 'würde geändert',
  'would be created': 'würde angelegt',
  '{count} applied': '{count} angewendet',
  '{count} lines in italics are filled in by the server.': '{count} kursive Zeilen ergänzt der Server.',
  '{count} refused': '{count} abgelehnt',
  '{count} would be taken; nothing is changed yet': '{count} würden angenommen; noch ist nichts geändert',
  'A Kubernetes session': 'Eine Kubernetes-Sitzung',
  'Copied.': 'Kopiert.',
  'Copy the link': 'Link kopieren',
  Link: 'Link',
  'Link to this state': 'Link zu diesem Zustand',
  'Share this session': 'Diese Sitzung teilen',
  'Shell script': 'Shell-Skript',
  'YAML of everything': 'YAML von allem',
  'as Markdown': 'als Markdown',
  'as iframe': 'als iframe',
  'The browser refused the clipboard: select the text and copy it.':
    'Der Browser verweigert die Zwischenablage: Markieren Sie den Text und kopieren Sie ihn.',
  'This link has {count} characters; some chat programs cut such links.':
    'Dieser Link hat {count} Zeichen; manche Chatprogramme kürzen solche Links.',
  'Whoever opens this link sees the cluster do again what it did here, to the same byte. The session is in the link itself: it reaches no server.':
    'Wer diesen Link öffnet, sieht den Cluster noch einmal tun, was er hier tat, aufs Byte genau. Die Sitzung steckt im Link selbst: Sie erreicht keinen Server.',
  'Without its history: what is asked of the cluster now, to begin from or to take away.':
    'Ohne die Vorgeschichte: was jetzt vom Cluster verlangt ist, als Anfang oder zum Mitnehmen.',
  'This page is open in another tab too. Each has its own cluster; files and progress are shared, and what is written last stays.':
    'Diese Seite ist noch in einem anderen Tab offen. Jeder hat seinen eigenen Cluster; Dateien und Fortschritt sind gemeinsam, und das zuletzt Geschriebene bleibt.',
  'The screen is blank: show it again': 'Der Bildschirm ist schwarz: wieder zeigen',
  click: 'Klick',
  'right click': 'Rechtsklick',
}
