import { type Labels, lexiconOf } from './lexicon.ts'

export type ReceiptLabel =
  | 'Date'
  | 'Time'
  | 'Subtotal'
  | 'TotalTax'
  | 'Tip'
  | 'Total'
  | 'Phone'
  | 'TaxId'
  | 'Payment'
  | 'ExtraCharge'
  | 'Other'

/** What receipts call their fields. `Payment`: how it was paid, whose amounts are no part of the sum. */
const LABELS: Labels<ReceiptLabel> = {
  Date: {
    en: 'date|transaction date|date/time|date & time',
    pt: 'data|data de emissão|data/hora|emitido em',
    de: 'Datum',
    fr: 'date',
    es: 'fecha',
    it: 'data',
    nl: 'datum',
  },
  Time: { en: 'time', pt: 'hora', de: 'Uhrzeit|Zeit', fr: 'heure', es: 'hora', it: 'ora', nl: 'tijd' },
  Subtotal: {
    en: 'subtotal|net total|total net|net|net sales|total before tax|total excl vat|total excl gst|taxable',
    pt: 'subtotal|total líquido|total sem iva|base tributável?|incidência?',
    de: 'Zwischensumme|Netto|Nettobetrag|Summe netto',
    fr: 'sous-total|total ht|montant ht',
    es: 'subtotal|base imponible',
    it: 'subtotale|imponibile',
    nl: 'subtotaal',
  },
  TotalTax: {
    en: 'tax|sales tax|vat|total tax|total vat|gst|total gst|hst|tax total|tax amount|vat amount|state tax',
    pt: 'iva|total iva|valor iva|imposto|impostos|total de iva',
    de: 'MwSt|USt|Mehrwertsteuer|Umsatzsteuer|Steuer',
    fr: 'tva|taxes|total tva|montant tva',
    es: 'iva|cuota iva|impuesto|total iva',
    it: 'iva|di cui iva',
    nl: 'btw',
  },
  Tip: {
    en: 'tip|gratuity|tip amount',
    pt: 'gorjeta|gratificação',
    de: 'Trinkgeld',
    fr: 'pourboire',
    es: 'propina',
    it: 'mancia',
    nl: 'fooi',
  },
  Total: {
    en: 'total|grand total|total amount|amount due|balance due|total due|balance to pay|total to pay|total sale|total sales|total incl gst|total incl vat|total inc gst|total payable|amount payable|total rm|total usd|total eur|net total?|balance?',
    pt: 'total|total a pagar|valor total|valor a pagar|total geral|total eur',
    de: 'Summe|Gesamt|Gesamtbetrag|Gesamtsumme|Total|zu zahlen|Endbetrag|Betrag?|Summe EUR|Total EUR',
    fr: 'total|total ttc|net à payer|montant à payer|total à payer|montant ttc',
    es: 'total|importe total|total a pagar|total euros|importe?',
    it: 'totale|totale complessivo|totale euro|importo totale|importo pagato?',
    nl: 'totaal|te betalen',
  },
  Phone: {
    en: 'phone|tel|telephone|ph|call|phone no|tel no',
    pt: 'telefone|tel|telef',
    de: 'Telefon|Tel',
    fr: 'tél|téléphone',
    es: 'teléfono|tel|tfno',
    it: 'tel|telefono',
    nl: 'telefoon',
  },
  TaxId: {
    en: 'vat no|vat reg no|gst no|gst reg no|gst id|tax id|abn|gst id no|vat number',
    pt: 'nif|contribuinte|cnpj|nipc',
    de: 'USt-IdNr|Steuernummer|St-Nr|UID',
    fr: 'siret|siren|nº tva|n tva',
    es: 'cif|nif',
    it: 'p iva|partita iva',
    nl: 'btw nr',
  },
  Payment: {
    en: 'cash|change|change due|card|credit card|debit card|visa|mastercard|amex|debit|credit|amount tendered|tendered|cash tendered|amount paid|paid|payment|rounding|rounding adj|rounding adjustment|visa credit|visa debit|eftpos|contactless|master card|payment method|auth code|approval code|card no|card number|balance forward|cash back|maestro',
    pt: 'numerário|dinheiro|troco|cartão|multibanco|mbway|mb way|pago|valor pago|cartão de crédito|cartão de débito|pagamento|entregue|pix',
    de: 'Bar|Rückgeld|gegeben|EC-Karte|Karte|Kreditkarte|Girocard|Barzahlung|Wechselgeld|EC-Cash|Zurück|bezahlt',
    fr: 'espèces|rendu|carte|carte bancaire|CB|rendu monnaie|monnaie|reçu|à rendre',
    es: 'efectivo|cambio|tarjeta|entregado|pagado',
    it: 'contanti|resto|carta|pagamento elettronico|pagamento contante',
    nl: 'contant|wisselgeld|pin|pinnen',
  },
  ExtraCharge: {
    en: 'discount|delivery fee|service fee|service charge|delivery|savings|total savings|you saved|coupon|bag fee|total discount|shipping',
    pt: 'desconto|taxa de serviço|taxa de entrega|total desconto|poupança',
    de: 'Rabatt|Servicegebühr|Pfand|Lieferung',
    fr: 'remise|frais de service|livraison',
    es: 'descuento|servicio',
    it: 'sconto|coperto',
    nl: 'korting',
  },
  Other: {
    en: 'receipt|receipt no|receipt #|receipt number|invoice no|invoice|order|order #|order no|order number|check|check #|table|table no|server|cashier|clerk|register|reg|terminal|trans|trans #|transaction|transaction no|store|store #|guests|guest|covers|ref|ref no|sales associate|manager|operator|your cashier|host|items|item count|total items|items sold|no of items|total qty|qty|quantity|email|fax|web|website|points|member|member no|ticket|ticket no|bill no|bill|customer|tax rate|till|salesperson|description|item|price|amount|thank you|note|pos|batch|aid|merchant id|auth|total qty',
    pt: 'fatura simplificada|fatura|recibo|mesa|operador|empregado|caixa|loja|cliente|talão|documento|artigos|nº de artigos|total de artigos|descrição|quantidade|preço|valor|cupom|atcud|fatura recibo|pedido|qtd',
    de: 'Rechnung|Beleg|Bon|Beleg-Nr|Bon-Nr|Kasse|Bediener|Tisch|Filiale|Kassierer|Rechnungsnummer|Artikel|Anzahl|Terminal|Es bediente Sie|Rechnungs-Nr|Posten',
    fr: 'ticket|facture|table|serveur|caisse|caissier|nombre articles|articles|vendeur|couverts',
    es: 'ticket|factura|factura simplificada|mesa|camarero|caja|cajero|tienda|artículos|atendido por|le atendió',
    it: 'scontrino|documento commerciale|tavolo|cassa|operatore|documento|articoli',
    nl: 'bon|kassa|tafel|bonnummer|medewerker',
  },
}

export const RECEIPT_LABELS = lexiconOf(LABELS)
