/** German for the cluster as a whole: beginning another one, what all its machines can give together. */
export const cluster = {
  // Begin another cluster
  'Begin another cluster': 'Einen anderen Cluster beginnen',
  'Begin in a new tab': 'In einem neuen Tab beginnen',
  'Copy the address': 'Adresse kopieren',
  'What runs there': 'Was dort läuft',
  'The shop': 'Der Laden',
  'Three web servers behind a Service, with visitors, on small machines.':
    'Drei Webserver hinter einem Service, mit Besuchern, auf kleinen Maschinen.',
  Empty: 'Leer',
  'Machines and a control plane: nothing is asked for yet.': 'Maschinen und eine Control Plane: Noch ist nichts verlangt.',
  'Machines of the control plane': 'Maschinen der Control Plane',
  'What is added': 'Was dazukommt',
  'Names for Services: CoreDNS in two Pods': 'Namen für Services: CoreDNS in zwei Pods',
  'What Pods and machines use: kubectl top, autoscaling by load':
    'Was Pods und Maschinen verbrauchen: kubectl top, Skalieren nach Last',
  'Volumes on the machine of the Pod; the default StorageClass': 'Volumes auf der Maschine des Pods; die übliche StorageClass',
  'Disks of a cloud by CSI: attached, moved, enlarged; the StorageClass disk':
    'Platten einer Cloud über CSI: angehängt, umgezogen, vergrößert; die StorageClass disk',
  'Addresses from outside for Services of type LoadBalancer': 'Adressen von außen für Services vom Typ LoadBalancer',
  'Routes by host and path: ingress-nginx and its class': 'Wege nach Host und Pfad: ingress-nginx und seine Klasse',
  'The Gateway API and a controller for it': 'Die Gateway API und ein Controller dafür',
  'A network that enforces NetworkPolicies': 'Ein Netz, das NetworkPolicies durchsetzt',
  'A busy day for the Service shop, once the ConfigMap day has the label doors=open':
    'Ein voller Tag für den Service shop, sobald die ConfigMap day das Label doors=open hat',
  'Machines come when Pods wait, and go when they are idle':
    'Maschinen kommen, wenn Pods warten, und gehen, wenn sie nichts zu tun haben',
  'The control plane as Pods on machines of its own, as kubeadm sets it up':
    'Die Control Plane als Pods auf eigenen Maschinen, wie kubeadm sie einrichtet',
  'The same, two patches behind, with kubelets of v1.35.4: to be upgraded':
    'Dasselbe, zwei Patches zurück, mit Kubelets v1.35.4: zum Aktualisieren',
  'A whole number from {low} to {high}, please.': 'Bitte eine ganze Zahl von {low} bis {high}.',
  'Letters, digits, dots and dashes, 60 at most, please.': 'Bitte Buchstaben, Ziffern, Punkte und Striche, höchstens 60.',
  'So it cannot begin: mend the marked field.': 'So kann er nicht beginnen: Bitte das markierte Feld berichtigen.',
  'Of {masters} machines {lost} may be lost: the majority of etcd must run.':
    'Von {masters} Maschinen dürfen {lost} ausfallen: Die Mehrheit von etcd muss laufen.',
  'Of {masters} machines {lost} may be lost, as of {fewer}: the majority of etcd must run.':
    'Von {masters} Maschinen dürfen {lost} ausfallen, wie schon von {fewer}: Die Mehrheit von etcd muss laufen.',
  'So many machines take a while to begin, and a fast computer.':
    'So viele Maschinen brauchen zum Anfangen eine Weile, und einen schnellen Rechner.',
  'Seed of its chances': 'Startwert seiner Zufälle',
  'The same seed gives the same names, choices and times': 'Derselbe Startwert gibt dieselben Namen, Entscheidungen und Zeiten',
  'drawn by lot': 'wird ausgelost',
  'Its address: the same cluster for whoever opens it': 'Seine Adresse: derselbe Cluster für alle, die sie öffnen',
  'What runs here now makes room for it. The Back button of your browser brings it back: it is then lived through again.':
    'Was hier läuft, macht ihm Platz. Der Zurück-Knopf Ihres Browsers holt es wieder: Es wird dann noch einmal durchlebt.',
  'What runs here now makes room for it, and has become too long to be kept in the history: begin in a new tab if you still need it.':
    'Was hier läuft, macht ihm Platz und ist zu lang geworden, um im Verlauf zu bleiben: Beginnen Sie in einem neuen Tab, wenn Sie es noch brauchen.',
  // One pool
  'One pool': 'Ein gemeinsamer Pool',
  'One pool: CPU {cpu} of {cpus}, memory {memory} of {memories} asked for':
    'Ein gemeinsamer Pool: CPU {cpu} von {cpus}, Speicher {memory} von {memories} verlangt',
  'What all machines can give together': 'Was alle Maschinen zusammen geben können',
  'What all machines can give together. Kubernetes decides on which of them a Pod runs.':
    'Was alle Maschinen zusammen geben können. Auf welcher ein Pod läuft, entscheidet Kubernetes.',
  'CPU cores': 'CPU-Kerne',
  Memory: 'Arbeitsspeicher',
  'Disks of the machines': 'Platten der Maschinen',
  'asked for': 'verlangt',
  used: 'verbraucht',
  'can be given': 'zu vergeben',
  'Persistent volumes': 'Dauerhafte Volumes',
  '{pods} Pods wait for a machine, and ask for {cpu} CPU and {memory} of memory more.':
    '{pods} Pods warten auf eine Maschine und verlangen weitere {cpu} CPU und {memory} Speicher.',
  'A Pod must fit into one piece. The largest that is free: {cpu} CPU and {memory} on {name}.':
    'Ein Pod muss in ein Stück passen. Das größte freie: {cpu} CPU und {memory} auf {name}.',
  'A Pod must fit into one piece, and no machine has one left.':
    'Ein Pod muss in ein Stück passen, und keine Maschine hat noch eines.',
  '1 machine takes no ordinary Pod (a taint keeps them off): {cpu} CPU and {memory} of it.':
    '1 Maschine nimmt keinen gewöhnlichen Pod (ein Taint hält ihn fern): {cpu} CPU und {memory} davon.',
  '{count} machines take no ordinary Pod (a taint keeps them off): {cpu} CPU and {memory} of it.':
    '{count} Maschinen nehmen keinen gewöhnlichen Pod (ein Taint hält ihn fern): {cpu} CPU und {memory} davon.',
  'Nobody measures what is used: the addon metrics-server does, when a cluster begins with it.':
    'Niemand misst, was verbraucht wird: Das tut das Addon metrics-server, wenn ein Cluster damit beginnt.',
  // Who answered
  'Who answered': 'Wer geantwortet hat',
  'Of which time': 'Aus welcher Zeit',
  'the last minute': 'die letzte Minute',
  'all since {clock}': 'alles seit {clock}',
  Pod: 'Pod',
  Share: 'Anteil',
  Requests: 'Anfragen',
  '{answered} requests answered': '{answered} Anfragen beantwortet',
  '{missed} passed too fast to be counted here': '{missed} kamen zu schnell vorbei, um hier gezählt zu werden',
  'Who came once comes to the same Pod again (sessionAffinity: ClientIP).':
    'Wer einmal da war, kommt wieder zum selben Pod (sessionAffinity: ClientIP).',
  'Each request is given to a Pod by lot: shares come close to each other, and are never quite equal.':
    'Jede Anfrage bekommt ein Pod durch das Los: Die Anteile kommen einander nahe und sind nie ganz gleich.',
  '(gone)': '(fort)',
  // Use over time
  'Use over time': 'Verbrauch im Lauf der Zeit',
  CPU: 'CPU',
  'What does not run uses nothing.': 'Was nicht läuft, verbraucht nichts.',
  'Measured every 15 seconds: the first figure is on its way.': 'Gemessen wird alle 15 Sekunden: Die erste Zahl ist unterwegs.',
  'Nobody measures here: that is what the addon metrics-server does.': 'Hier misst niemand: Das tut das Addon metrics-server.',
  'Begin a cluster with it': 'Einen Cluster damit beginnen',
  '{amount} asked for': '{amount} verlangt',
  'nothing asked for': 'nichts verlangt',
  'no limit': 'ohne Limit',
  'limit {amount}': 'Limit {amount}',
  '{amount} can be given': '{amount} zu vergeben',
  'most {high}': 'höchstens {high}',
  '{what} since {start}: now {now}, most {high}; {bounds}': '{what} seit {start}: jetzt {now}, höchstens {high}; {bounds}',
  // The runtime's view
  'The runtime’s view': 'Der Blick der Laufzeit',
  'Which list': 'Welche Liste',
  'As the kubelet reports them: the fifty largest. Layers that images share are counted for each.':
    'Wie das Kubelet sie meldet: die fünfzig größten. Schichten, die Images teilen, zählen bei jedem.',
  'As the kubelet reports them to the API server: ids of sandboxes it keeps to itself, and of earlier containers it names the last.':
    'Wie das Kubelet sie dem API-Server meldet: Die IDs der Sandboxes behält es für sich, und von früheren Containern nennt es den letzten.',
  '{n} images': '{n} Images',
  'and {n} more': 'und {n} weitere',
} as const
