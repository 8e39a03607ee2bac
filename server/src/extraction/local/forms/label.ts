import { median, type Token } from '../structure/token.ts'
import { fontHeight } from '../tight-box.ts'

export const textOf = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join(' ')

/** Small letters without accents: "Endereço" and "ENDERECO" are one word. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Words that name what is asked for on forms, invoices and letters, in English, Portuguese, Spanish, German and French. */
const WORDS = new Set(
  `name names nome nombre nom surname firstname lastname vorname nachname sobrenome apelido apellido apellidos prenom
  date data datum fecha day dia month mes year ano time hora address endereco morada direccion adresse anschrift street rua strasse city
  cidade localidade ciudad town ort ville bairro distrito district state estado province county zip postcode postal cep plz code codigo code
  country pais land nationality nacionalidade phone telephone telefone tel telefono telefon mobile cell celular telemovel fax email mail
  e-mail correio website site url number numero nummer no nr num n reference referencia ref id identifier
  identification identificacao invoice fatura factura rechnung facture receipt recibo order pedido encomenda po purchase customer client cliente kunde
  kundennummer account conta cuenta konto iban bic swift bank banco agencia tax vat nif cnpj cpf rg ein ssn nipc nit ust contribuinte
  total subtotal amount valor montante importe betrag balance saldo due vencimento validade price preco precio qty quantity
  quantidade payment pagamento pago zahlung terms condicoes birth nascimento geburtsdatum birthday born naturalidade gender sex sexo age
  idade occupation profissao cargo titel title titulo position funcao department departamento setor company empresa firma organization
  organizacao employer employee funcionario empregado signature assinatura signed patient paciente doctor medico policy apolice
  subject assunto betreff objet contact contacto contato attn salesperson seller vendedor buyer comprador ship bill sold deliver
  delivery entrega currency moeda status type tipo period periodo method metodo shipping frete discount desconto rate taxa salary salario
  weight peso height altura color colour cor size tamanho model modelo serial serie make marca plate matricula registration registro license
  licence licenca passport passaporte document documento doc issued issuer emissao emitente emitida emissor expiry expires expiration
  author autor authors version versao revision location local place lugar language idioma manager gerente supervisor school escola course curso grade
  marital civil religion relationship parentesco father mother pai mae spouse conjuge guardian emergency allergies blood comments observacoes
  remarks project projeto client agent vessel port origin origem destination destino carrier transportadora lot lote batch sku item
  unit unidade room quarto guest hospede check-in check-out arrival departure flight voo seat processo protocol protocolo
  natureza operacao chave inscricao municipal estadual razao social fantasia`.split(/\s+/),
)

/** What stands before a colon in text, and not before an answer. */
const NO_LABEL =
  /^(?:notes?|nb|n\.b\.?|p\.?s\.?|warning|caution|attention|important|remember|examples?|for example|e\.?g\.?|i\.?e\.?|hint|tip|see(?: also)?|sources?|keywords?|abstract|summary|conclusions?|results?|methods?|discussion|background|proof|theorem|lemma|definition|remark|input|output|step|steps|question|answer|q|a|then|else|if|default|return|case|try|https?|ftp|mailto|notas?|obs\.?|aviso|atencao|importante|exemplos?|por exemplo|fontes?|palavras-chave|resumo|conclusao|conclusoes|resultados?|passo|dica|ver(?: tambem)?|pergunta|resposta|quelle|beispiel|hinweis|achtung|ejemplo|fuente)$/

/** "Figure 3:", "Step 1:", "Part II:", "1.2": parts of a text. */
const NUMBERED_PART =
  /^(?:fig(?:ure|\.)?|figura|tab(?:le|\.)?|tabela|quadro|grafico|chart|box|chapter|capitulo|kapitel|section|secao|part|parte|appendix|apendice|anexo|annex|step|passo|article|artigo|example|exemplo|algorithm|listing|equation|theorem|lemma|phase|fase|day|week|level|module|unit|question|slide|exhibit|map)\s*[\divxlc.]+[a-z]?$/

/** Verbs and joining words of sentences. A question asked on a form has them too; those are left out for the sake of the others. */
const SENTENCE =
  /\b(?:is|are|was|were|has|have|had|will|would|can|could|should|must|that|which|this|these|those|we|they|it|he|she|following|follows|as|than|because|including|includes?|such|says?|said|asked|so|but|there|sao|foi|foram|sera|pode|podem|deve|devem|que|este|esta|estes|estas|seguintes?|como|porque|nao|nous|vous|avons|est|sont|donc|wird|werden|sind|dass|folgende)\b/

/** A label does not end in the middle of a phrase. */
const OPEN_END =
  /\b(?:of|the|an?|and|or|in|for|with|de|do|da|dos|das|e|ou|em|com|para|der|die|und|du|des|et|la|le|les)$/

const URL = /:\/\/|www\.|@/

/** A time before words is a programme. */
const TIME = /\b\d{1,2}[:h]\d{2}\b/

/** Dots that lead from a label to its answer. */
const LEADER = /\s*[.…·_]{3,}\s*$/u

/** With its dots. What is longer is looked at no further: the time that finding the end of dots takes grows with their square. */
const LONGEST = 400

const MOST_WORDS = 7
const MOST_LETTERS = 50

/** Whether a text has a word that names something asked for. */
export const isKnownLabel = (text: string): boolean =>
  plain(text)
    .split(/[^\p{L}-]+/u)
    .some((word) => WORDS.has(word)) || /(?:^|\s)(?:n[º°.o]|#|№)/iu.test(text)

/** Full stops end a sentence, and shorten a word of up to four letters. */
const hasSentenceEnd = (text: string): boolean => /\p{L}{5,}\.\s/u.test(text) || /[;!?"“”„«»=<>{}[\]|\\]/.test(text)

const isBalanced = (text: string): boolean => (text.match(/\(/g)?.length ?? 0) === (text.match(/\)/g)?.length ?? 0)

/** Whether there are more words than a label has with its colon, and with dots before and behind that: then its text need not be looked at. */
export const isTooLong = (tokens: readonly Token[]): boolean => tokens.length > MOST_WORDS + 3

/** Whether words can be what an answer is asked by: few, with a capital or a number before, and no sentence. The colon may be there or not. */
export const isLabel = (text: string): boolean => {
  if (text.length > LONGEST) return false
  const bare = text
    .replace(LEADER, '')
    .replace(/\s*[:：]$/u, '')
    .replace(LEADER, '')
  const simple = plain(bare)
  if (!/\p{L}/u.test(bare) || bare.length > MOST_LETTERS || bare.split(' ').length > MOST_WORDS) return false
  if (
    NO_LABEL.test(simple) ||
    NUMBERED_PART.test(simple) ||
    SENTENCE.test(simple) ||
    OPEN_END.test(simple) ||
    URL.test(bare) ||
    TIME.test(bare)
  )
    return false
  if (hasSentenceEnd(bare) || !isBalanced(bare) || /[,.:…_]$/.test(bare.replace(/\b\p{L}{1,4}\.$/u, ''))) return false
  return /^[(*#№]?[\p{Lu}\d]/u.test(bare) || !/[\p{Ll}]/u.test(bare) || isKnownLabel(bare)
}

/** Digits, money, an address of the net: what is written into a form rather than told in a text. */
export const isTyped = (text: string): boolean => /\d|@|www\.|[$€£¥]/.test(text)

/** More words than this, or a sentence that ends, are a text. */
const PROSE_WORDS = 12
const SENTENCE_WORDS = 6

/** What is defined, not answered. */
const MATHS = /[=∪∩∑∏≤≥≈→⇒∀∃]/u

/** Enough of it to see how it ends. */
const endOf = (text: string): string => text.slice(-10)

export const isProse = (text: string): boolean => {
  if (MATHS.test(text)) return true

  const words = text.split(' ').length
  return words > PROSE_WORDS || (words >= SENTENCE_WORDS && /\p{Ll}{3,}[.;!?]$/u.test(endOf(text)))
}

/** Something said in a few words: what people answer to each other, not to a form. */
export const isSentence = (text: string): boolean =>
  text.split(' ').length >= 3 && /\p{Ll}{2,}[.!?]$/u.test(endOf(text))

/** The height of the font of most of these words. */
export const sizeOf = (tokens: readonly Token[]): number =>
  median(tokens.map(({ text, box }) => fontHeight(text, box.height)))

export const endsWithColon = ({ text }: Token): boolean => /[:：]$/u.test(text)
