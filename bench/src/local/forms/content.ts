import type { Random } from './random.ts'

export type Language = 'en' | 'pt'

/** What forms ask for, and what may be answered. */
type Kind =
  | 'person'
  | 'company'
  | 'street'
  | 'city'
  | 'date'
  | 'amount'
  | 'code'
  | 'phone'
  | 'email'
  | 'word'
  | 'number'

const ASKED: Record<Language, [label: string, kind: Kind][]> = {
  en: [
    ['Name', 'person'],
    ['Full name', 'person'],
    ['Applicant', 'person'],
    ['Date of birth', 'date'],
    ['Address', 'street'],
    ['City', 'city'],
    ['Phone', 'phone'],
    ['E-mail', 'email'],
    ['Invoice No', 'code'],
    ['Invoice Date', 'date'],
    ['Due Date', 'date'],
    ['Customer ID', 'code'],
    ['Purchase Order', 'code'],
    ['Total Amount', 'amount'],
    ['Account Number', 'code'],
    ['Vessel', 'word'],
    ['Port of Loading', 'city'],
    ['Shipper', 'company'],
    ['Consignee', 'company'],
    ['Gross Weight (kg)', 'number'],
    ['Policy Holder', 'person'],
    ['Prepared by', 'person'],
    ['Warehouse', 'word'],
    ['Quantity', 'number'],
    ['Nationality', 'word'],
    ['Employer', 'company'],
    ['Tax ID', 'code'],
    ['Room', 'number'],
    ['Arrival', 'date'],
    ['Grade', 'word'],
  ],
  pt: [
    ['Nome', 'person'],
    ['Nome completo', 'person'],
    ['Requerente', 'person'],
    ['Data de nascimento', 'date'],
    ['Endereço', 'street'],
    ['Cidade', 'city'],
    ['Telefone', 'phone'],
    ['E-mail', 'email'],
    ['Nota Fiscal nº', 'code'],
    ['Data de emissão', 'date'],
    ['Vencimento', 'date'],
    ['CPF', 'code'],
    ['CNPJ', 'code'],
    ['Valor total', 'amount'],
    ['Conta', 'code'],
    ['Navio', 'word'],
    ['Porto de origem', 'city'],
    ['Remetente', 'company'],
    ['Destinatário', 'company'],
    ['Peso bruto (kg)', 'number'],
    ['Segurado', 'person'],
    ['Elaborado por', 'person'],
    ['Armazém', 'word'],
    ['Quantidade', 'number'],
    ['Nacionalidade', 'word'],
    ['Empregador', 'company'],
    ['Inscrição estadual', 'code'],
    ['Quarto', 'number'],
    ['Chegada', 'date'],
    ['Turma', 'word'],
  ],
}

const FIRST = { en: ['John', 'Mary', 'Peter', 'Susan', 'Alan'], pt: ['João', 'Maria', 'Pedro', 'Inês', 'Conceição'] }
const LAST = { en: ['Smith', 'Brown', 'Taylor', 'Wilson'], pt: ['Silva', 'Souza', 'Gonçalves', 'Araújo'] }
const STREETS = {
  en: ['Main Street', 'Oak Avenue', 'Station Road'],
  pt: ['Rua das Flores', 'Avenida Brasil', 'Rua São João'],
}
const CITIES = { en: ['Springfield', 'Boston', 'Leeds', 'Perth'], pt: ['Lisboa', 'São Paulo', 'Coimbra', 'Recife'] }
const COMPANIES = {
  en: ['Acme Ltd', 'Northwind Traders', 'Blue Harbor Inc'],
  pt: ['Padaria Central Ltda', 'Construtora Norte', 'Têxtil Aurora SA'],
}
const WORDS = { en: ['Orion', 'Second', 'Northern', 'Blue'], pt: ['Segunda', 'Aurora', 'Verde', 'Norte'] }

const two = (number: number) => String(number).padStart(2, '0')

const ANSWERS: Record<Kind, (language: Language, random: Random) => string> = {
  person: (language, random) => `${random.pick(FIRST[language])} ${random.pick(LAST[language])}`,
  company: (language, random) => random.pick(COMPANIES[language]),
  street: (language, random) =>
    language === 'en'
      ? `${random.whole(1, 900)} ${random.pick(STREETS.en)}`
      : `${random.pick(STREETS.pt)}, ${random.whole(1, 900)}`,
  city: (language, random) => random.pick(CITIES[language]),
  date: (_, random) => `${two(random.whole(1, 28))}/${two(random.whole(1, 12))}/${random.whole(1990, 2025)}`,
  amount: (language, random) =>
    language === 'en'
      ? `$${random.whole(1, 9)},${random.whole(100, 999)}.${random.whole(10, 99)}`
      : `R$ ${random.whole(1, 9)}.${random.whole(100, 999)},${random.whole(10, 99)}`,
  code: (_, random) => `${random.pick(['A', 'KX', 'INV', 'P'])}-${random.whole(1000, 99_999)}`,
  phone: (_, random) => `(${random.whole(11, 99)}) ${random.whole(2000, 9999)}-${random.whole(1000, 9999)}`,
  email: (_, random) =>
    `${random.pick(['info', 'sales', 'maria', 'peter'])}@${random.pick(['example.com', 'acme.test'])}`,
  word: (language, random) => random.pick(WORDS[language]),
  number: (_, random) => String(random.whole(2, 980)),
}

export type Asked = { label: string; answer: string }

/** Different labels with answers. */
export const askedFor = (language: Language, count: number, random: Random): Asked[] =>
  random.some(ASKED[language], count).map(([label, kind]) => ({ label, answer: ANSWERS[kind](language, random) }))

export const OPTIONS: Record<Language, string[]> = {
  en: [
    'Single',
    'Married',
    'Divorced',
    'Urgent',
    'Express delivery',
    'Newsletter',
    'I agree to the terms',
    'Cash',
    'Cheque',
    'Smoker',
    'Vegetarian',
  ],
  pt: [
    'Solteiro',
    'Casado',
    'Divorciado',
    'Urgente',
    'Entrega expressa',
    'Boletim',
    'Aceito os termos',
    'Dinheiro',
    'Cheque',
    'Fumante',
    'Vegetariano',
  ],
}

export const TITLES: Record<Language, string[]> = {
  en: ['Application form', 'Registration', 'Delivery note', 'Claim report', 'Statement'],
  pt: ['Ficha de inscrição', 'Cadastro', 'Guia de remessa', 'Aviso de sinistro', 'Extrato'],
}

/** Lines that have a colon, or look like a form, and are none. */
export const PROSE: Record<Language, string[]> = {
  en: [
    'The committee met on four days of this year and it agreed on the following: the roof has',
    'to be mended before the winter, and the garden can wait. Note: this is not a promise, and',
    'nobody should take it for one. The doors open at 12:30 and close at 18:00 on every day of',
    'the week. More about it can be found at https://example.com/news: the page is kept by the',
    'same people who wrote this text. There are three reasons for the delay: the weather, the',
    'price of wood, and the holidays in August, when nobody works here.',
  ],
  pt: [
    'A comissão se reuniu em quatro dias deste ano e decidiu o seguinte: o telhado tem de ser',
    'consertado antes do inverno, e o jardim pode esperar. Nota: isto não é uma promessa, e',
    'ninguém deve tomá-lo por tal. As portas abrem às 12:30 e fecham às 18:00 em todos os dias',
    'da semana. Mais sobre isto em https://example.com/noticias: a página é mantida pelas',
    'mesmas pessoas que escreveram este texto. Há três razões para o atraso: o tempo, o preço',
    'da madeira e as férias de agosto, quando ninguém trabalha aqui.',
  ],
}

export const HEADINGS: Record<Language, string[]> = {
  en: ['What was decided:', 'Next steps:', 'Figure 3: The roof in May', 'Step 1: Open the door', 'Chapter 2: Gardens'],
  pt: [
    'O que foi decidido:',
    'Próximos passos:',
    'Figura 3: O telhado em maio',
    'Passo 1: Abrir a porta',
    'Capítulo 2: Jardins',
  ],
}

export const BULLETS: Record<Language, string[]> = {
  en: ['the roof, before winter', 'the fence, when there is money', 'the garden, next year'],
  pt: ['o telhado, antes do inverno', 'a cerca, quando houver dinheiro', 'o jardim, no ano que vem'],
}

/** A table of data: its cells are no pairs. */
export const tableOf = (language: Language, random: Random): string[][] => [
  language === 'en' ? ['Item', 'Quantity', 'Price', 'Amount'] : ['Artigo', 'Quantidade', 'Preço', 'Valor'],
  ...Array.from({ length: random.whole(3, 6) }, () => [
    language === 'en'
      ? random.pick(['Chair', 'Table', 'Lamp oil', 'Paper'])
      : random.pick(['Cadeira', 'Mesa', 'Papel', 'Óleo']),
    String(random.whole(1, 40)),
    `${random.whole(2, 90)}.00`,
    `${random.whole(100, 900)}.00`,
  ]),
]
