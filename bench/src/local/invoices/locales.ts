import { ENGLISH, FRENCH, GERMAN, type LabelName, PORTUGUESE, SPANISH, type Wording } from './wordings.ts'

export type Locale = {
  tag: string
  currency: { code: string; before: string; after: string }
  mark: ',' | '.'
  group: string
  /** How dates are written, the last ones held out. */
  dates: {
    tuned: ('dmy/' | 'dmy.' | 'dmy-' | 'mdy/' | 'iso' | 'long')[]
    heldOut: ('dmy/' | 'dmy.' | 'mdy/' | 'iso' | 'long' | 'short')[]
  }
  taxRates: number[]
  companies: string[]
  streets: string[]
  cities: string[]
  goods: string[]
  taxId: () => string
  labels: Record<LabelName, Wording>
}

const list = (text: string) => text.split('|')

const common = { group: '.', mark: ',' as const }
const EURO = { code: 'EUR', before: '', after: ' €' }

/** Where invoices are written as they are. */
export const LOCALES: Locale[] = [
  {
    tag: 'en-US',
    currency: { code: 'USD', before: '$', after: '' },
    mark: '.',
    group: ',',
    taxRates: [6, 7.25, 8.5],
    dates: { tuned: ['mdy/', 'long'], heldOut: ['mdy/', 'short'] },
    companies: list(
      'Fabrikam Inc.|Northwind Traders LLC|Blue Yonder Airlines|Adventure Works Corp.|Wide World Importers Inc|Lakeside Plumbing Co.|Summit Design Group|Harbor Freight Lines',
    ),
    streets: list('214 Maple Street|88 Industrial Way, Suite 300|1500 Market Ave|7 Harbor Road|4021 Elm Drive'),
    cities: list('Portland, OR 97205|Austin, TX 78701|Denver, CO 80202|Albany, NY 12207'),
    goods: list(
      'Wireless keyboard|Consulting services|Office chair, black|Website maintenance|Printer paper A4|Steel brackets|Annual licence|Shipping container rental|Paint, white, 5 gal',
    ),
    taxId: () => '94-3081772',
    labels: ENGLISH,
  },
  {
    tag: 'en-GB',
    currency: { code: 'GBP', before: '£', after: '' },
    mark: '.',
    group: ',',
    taxRates: [20],
    dates: { tuned: ['dmy/', 'long'], heldOut: ['dmy/', 'short'] },
    companies: list(
      'Thornbury Carpets Ltd|Pennine Joinery Limited|Albion Freight plc|Rookwood & Sons Ltd|Severn Print Works Ltd|Marlowe Catering LLP',
    ),
    streets: list('12 High Street|Unit 4, Mill Lane|33 Station Road|The Old Dairy, 5 Church Lane'),
    cities: list('Leeds LS1 4AP|Bristol BS1 5TR|London EC1A 1BB|Cardiff CF10 3NP'),
    goods: list(
      'Oak table|Carpet fitting|Van hire per day|Business cards (500)|Catering for 20|Labour|Delivery and setup|Brass hinges',
    ),
    taxId: () => 'GB 123 4567 89',
    labels: ENGLISH,
  },
  {
    tag: 'en-EU',
    currency: { code: 'EUR', before: 'EUR ', after: '' },
    mark: '.',
    group: ',',
    taxRates: [19, 21, 23],
    dates: { tuned: ['iso', 'long'], heldOut: ['dmy.', 'short'] },
    companies: list(
      'Baltic Timber OY|Euro Data Services B.V.|Alpine Analytics AG|Emerald Software Limited|Nordlicht Systems GmbH',
    ),
    streets: list('Keizersgracht 112|Mannerheimintie 4 B|Dorfstrasse 19|22 Grand Canal Quay'),
    cities: list('1015 CN Amsterdam|00100 Helsinki|8001 Zurich|Dublin D02 X285'),
    goods: list('Cloud hosting|Data migration|Project management|Timber, planed|API access, monthly|Support plan Gold'),
    taxId: () => 'NL123456789B01',
    labels: ENGLISH,
  },
  {
    tag: 'pt-PT',
    currency: EURO,
    ...common,
    taxRates: [6, 13, 23],
    dates: { tuned: ['dmy/', 'dmy-', 'iso'], heldOut: ['dmy/', 'long'] },
    companies: list(
      'Padaria do Bairro Lda|Construções Silva & Filhos, S.A.|Gráfica Lusitana Lda|Oliveira Consultores Unipessoal Lda|Transportes Tejo S.A.',
    ),
    streets: list('Rua das Flores 25|Avenida da Liberdade 110, 3º|Travessa do Mar 7|Largo do Carmo 2'),
    cities: list('1200-192 Lisboa|4050-253 Porto|3000-213 Coimbra|8000-076 Faro'),
    goods: list(
      'Serviços de consultoria|Pão de forma|Impressão de folhetos|Cimento 25 kg|Transporte de mercadorias|Mão de obra|Azeite extra virgem',
    ),
    taxId: () => '501234567',
    labels: PORTUGUESE,
  },
  {
    tag: 'pt-BR',
    currency: { code: 'BRL', before: 'R$ ', after: '' },
    ...common,
    taxRates: [5, 12, 18],
    dates: { tuned: ['dmy/'], heldOut: ['dmy/', 'long'] },
    companies: list('Comercial Andrade Ltda|Tecnologia Ipê S.A.|Móveis Horizonte Ltda|Serviços Gerais Paulista ME'),
    streets: list('Rua Augusta, 1500|Av. Paulista, 900, sala 12|Rua XV de Novembro, 77'),
    cities: list('São Paulo - SP 01304-001|Curitiba - PR 80020-310|Recife - PE 50030-230'),
    goods: list(
      'Cadeira de escritório|Licença de software|Manutenção mensal|Mesa de reunião|Instalação elétrica|Café torrado 1 kg',
    ),
    taxId: () => '12.345.678/0001-95',
    labels: PORTUGUESE,
  },
  {
    tag: 'de-DE',
    currency: EURO,
    ...common,
    taxRates: [7, 19],
    dates: { tuned: ['dmy.', 'long'], heldOut: ['dmy.'] },
    companies: list(
      'Müller Maschinenbau GmbH|Bäckerei Sonnenschein KG|Nordwind Logistik AG|Schreinerei Huber e.K.|Werbeagentur Blau GmbH',
    ),
    streets: list('Hauptstraße 12|Am Hafen 3|Lindenweg 45a|Industriestraße 8'),
    cities: list('50667 Köln|20457 Hamburg|80331 München|10115 Berlin'),
    goods: list(
      'Beratung vor Ort|Druckerpapier|Montage|Bürostuhl ergonomisch|Wartung pauschal|Stahlträger|Fahrtkosten',
    ),
    taxId: () => 'DE123456789',
    labels: GERMAN,
  },
  {
    tag: 'fr-FR',
    currency: EURO,
    mark: ',',
    group: ' ',
    taxRates: [5.5, 10, 20],
    dates: { tuned: ['dmy/', 'long'], heldOut: ['dmy/', 'dmy.'] },
    companies: list('Boulangerie Martin SARL|Atelier du Bois SAS|Transports Lefèvre S.A.|Studio Graphique EURL'),
    streets: list('12 rue de la Paix|45 avenue Foch|3 impasse des Lilas'),
    cities: list('75002 Paris|69006 Lyon|33000 Bordeaux'),
    goods: list(
      'Prestation de conseil|Chaise de bureau|Impression couleur|Table en chêne|Entretien annuel|Formation, 1 jour',
    ),
    taxId: () => 'FR40303265045',
    labels: FRENCH,
  },
  {
    tag: 'es-ES',
    currency: EURO,
    ...common,
    taxRates: [10, 21],
    dates: { tuned: ['dmy/', 'dmy-'], heldOut: ['dmy/', 'long'] },
    companies: list('Suministros Ibéricos S.L.|Carpintería López S.L.U.|Bodegas del Sur S.A.|Talleres Mendoza S.L.'),
    streets: list('Calle Mayor 10|Avenida de América 55|Plaza Nueva 3'),
    cities: list('28013 Madrid|41001 Sevilla|08002 Barcelona'),
    goods: list(
      'Servicio de consultoría|Silla de oficina|Vino tinto reserva|Mantenimiento mensual|Madera de pino|Transporte',
    ),
    taxId: () => 'B12345678',
    labels: SPANISH,
  },
]
