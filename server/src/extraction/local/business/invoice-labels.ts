import { type Labels, lexiconOf } from './lexicon.ts'

export type InvoiceLabel =
  | 'InvoiceId'
  | 'InvoiceDate'
  | 'DueDate'
  | 'SubTotal'
  | 'TotalTax'
  | 'TotalDiscount'
  | 'InvoiceTotal'
  | 'AmountDue'
  | 'PreviousUnpaidBalance'
  | 'AmountPaid'
  | 'ExtraCharge'
  | 'PurchaseOrder'
  | 'CustomerId'
  | 'PaymentTerm'
  | 'TaxId'
  | 'Customer'
  | 'Vendor'
  | 'OtherParty'
  | 'Currency'
  | 'CarriedForward'
  | 'Other'

/** What invoices call their fields. `Other`: what else stands before a value, so that it is nobody else's value. */
const LABELS: Labels<InvoiceLabel> = {
  InvoiceId: {
    en: 'invoice number|invoice no|invoice num|invoice nr|invoice #|invoice id|inv no|inv #|inv number|tax invoice no|tax invoice number|tax invoice #|bill number|bill no|bill #|credit note no|credit note number|document number?|document no?|invoice?|tax invoice?|bill?|number?|no?|#?',
    pt: 'número da fatura|fatura número|fatura nº|fatura n|nº da fatura|nº fatura|n da fatura|fatura #|factura nº|factura n|nota fiscal nº|nota fiscal número|nota fiscal n|nº da nota|número da nota|número da nota fiscal|nº da nota fiscal|nf-e nº|nfs-e nº|nfe n|fatura/recibo nº|fatura-recibo nº|número do documento?|documento nº?|fatura?|factura?|fatura recibo?|nota fiscal?|número?|nº?|n?',
    de: 'Rechnungsnummer|Rechnungs-Nr|Rechnung Nr|Rechnungs Nummer|Rechnung Nummer|RE-Nr|Rg-Nr|Belegnummer?|Beleg-Nr?|Rechnung?|Nr?|Nummer?',
    fr: 'numéro de facture|numéro facture|facture no|facture nº|facture n|facture numéro|nº de facture|n de facture|facture #|facture?|numéro?',
    es: 'número de factura|número factura|factura nº|factura n|factura no|factura número|nº de factura|n de factura|nº factura|no de factura|factura #|factura?|número?',
    it: 'numero fattura|fattura n|fattura nº|fattura numero|nº fattura|fattura?',
    nl: 'factuurnummer|factuur nr|factuurnr|factuur?',
  },
  InvoiceDate: {
    en: 'invoice date|date of invoice|invoice issue date|date of issue|issue date|date issued|issued on|inv date|bill date|billing date|tax point|tax point date|document date|issued?|dated?|date?',
    pt: 'data da fatura|data fatura|data de emissão|data emissão|data da emissão|emitida em|emitido em|data da nota|data da factura|data do documento|emissão?|data?',
    de: 'Rechnungsdatum|Datum der Rechnung|Ausstellungsdatum|Rechnung vom|Belegdatum|Datum?|vom?',
    fr: "date de facture|date de la facture|date facture|date d'émission|date émission|émise le|date de facturation|date facturation|date?",
    es: 'fecha de factura|fecha de la factura|fecha factura|fecha de emisión|fecha emisión|fecha de expedición|fecha?',
    it: 'data fattura|data di emissione|data?',
    nl: 'factuurdatum|datum?',
  },
  DueDate: {
    en: 'due date|invoice due date|payment due|payment due date|date due|due on|due by|payment due by|pay by|payable by|please pay by|due?',
    pt: 'data de vencimento|data do vencimento|data vencimento|vencimento|vence em|pagar até|data limite de pagamento|data limite',
    de: 'Fälligkeitsdatum|fällig am|Fälligkeit|zahlbar bis|zahlbar bis zum|fällig bis|Zahlung bis',
    fr: "date d'échéance|date échéance|échéance|échéance le|à payer avant le|à régler avant le|payable avant le",
    es: 'fecha de vencimiento|fecha vencimiento|vencimiento|pagar antes de',
    it: 'scadenza|data scadenza|data di scadenza',
    nl: 'vervaldatum|te betalen voor',
  },
  SubTotal: {
    en: 'subtotal|net total|total net|net amount|total net amount|total excl vat|total excluding vat|total ex vat|total before tax|amount before tax|total excl tax|total excluding tax|subtotal excl vat|subtotal excluding vat|total ex gst|total excl gst|taxable amount?|net?',
    pt: 'subtotal|total líquido|total ilíquido|total sem iva|valor sem iva|total s/ iva|subtotal sem iva|base tributável?|total de serviços?|total dos produtos?|valor dos produtos?|valor dos serviços?|incidência?',
    de: 'Zwischensumme|Zwischensumme netto|Nettobetrag|Summe netto|Netto Summe|Gesamt netto|Gesamtbetrag netto|Rechnungsbetrag netto|Nettosumme|Netto gesamt|Netto?|Summe?',
    fr: 'sous-total|total ht|montant ht|total hors taxes|total net ht|sous-total ht|montant total ht|total hors taxe',
    es: 'subtotal|base imponible|total sin iva|importe neto|total neto',
    it: 'imponibile|totale imponibile|subtotale',
    nl: 'subtotaal|totaal excl btw|totaal exclusief btw',
  },
  TotalTax: {
    en: 'tax|sales tax|vat|total tax|total vat|tax total|vat total|vat amount|tax amount|total tax amount|total vat amount|gst|gst amount|total gst|hst|vat payable|state tax|output vat|plus vat',
    pt: 'iva|total iva|total de iva|total do iva|valor do iva|valor iva|montante do iva|icms|valor do icms|iss|valor do iss|imposto|impostos|total de impostos|total impostos|imposto total',
    de: 'MwSt|MwSt Betrag|Mehrwertsteuer|Umsatzsteuer|USt|Steuer|Steuerbetrag|Gesamt MwSt|Summe MwSt|Umsatzsteuerbetrag|MwSt gesamt|Summe Umsatzsteuer',
    fr: 'tva|montant tva|total tva|montant de la tva|taxe|taxes|total taxes',
    es: 'iva|cuota iva|total iva|importe iva|impuesto|impuestos|cuota de iva|total impuestos',
    it: 'iva|totale iva|imposta|importo iva',
    nl: 'btw|btw bedrag|totaal btw',
  },
  TotalDiscount: {
    en: 'discount|total discount|less discount',
    pt: 'desconto|descontos|total desconto|total de descontos|desconto comercial',
    de: 'Rabatt|abzüglich Rabatt|Nachlass',
    fr: 'remise|rabais|total remise',
    es: 'descuento|total descuento',
    it: 'sconto',
    nl: 'korting',
  },
  InvoiceTotal: {
    en: 'total|invoice total|total amount|grand total|total incl vat|total including vat|total inc vat|total incl tax|total including tax|total inc gst|total incl gst|total including gst|total invoice|total invoice amount|total invoice value|invoice amount|invoice value|gross total|total gross|gross amount|total gross amount|total price|total to pay|total payable|total charges|amount total?|charges?',
    pt: 'total|total a pagar|valor total|total geral|total da fatura|total fatura|valor a pagar|total com iva|total c/ iva|valor total da nota|valor total da nota fiscal|valor da fatura|valor total da fatura|total do documento|total documento|montante total|total factura|valor líquido a pagar|total iva incluído',
    de: 'Gesamtbetrag|Rechnungsbetrag|Gesamtsumme|Endbetrag|Bruttobetrag|Summe brutto|Gesamt|Gesamt brutto|Gesamtbetrag brutto|Rechnungsbetrag brutto|Rechnungssumme|Total|Endsumme|zu zahlen|Zahlbetrag|zu zahlender Betrag|Gesamtbetrag inkl MwSt|Gesamtpreis?|Brutto?|Betrag?',
    fr: 'total|total ttc|montant ttc|net à payer|total à payer|total général|montant total|montant total ttc|total toutes taxes comprises|montant à payer|net à payer ttc|total facture',
    es: 'total|total factura|importe total|total a pagar|total con iva|total general|importe total factura',
    it: 'totale|totale fattura|totale da pagare|totale documento|importo totale|totale a pagare|totale dovuto',
    nl: 'totaal|totaalbedrag|totaal incl btw|totaal inclusief btw|te betalen',
  },
  AmountDue: {
    en: 'amount due|balance due|total due|balance|due now|amount payable|outstanding balance|total amount due|total balance due|amount owing|balance to pay|invoice balance|amount due usd|please pay|pay this amount',
    pt: 'saldo devedor|valor em dívida|saldo a pagar|montante em dívida|saldo em dívida|total em dívida',
    de: 'offener Betrag|Restbetrag|noch zu zahlen|fälliger Betrag|Restforderung',
    fr: 'solde dû|reste à payer|solde à payer|montant dû',
    es: 'saldo pendiente|importe pendiente|importe adeudado|saldo a pagar',
  },
  PreviousUnpaidBalance: {
    en: 'previous unpaid balance|previous balance|unpaid balance|past due|balance forward|prior balance',
    pt: 'saldo anterior',
    es: 'saldo anterior',
    de: 'Vorheriger Saldo|Saldovortrag',
    fr: 'solde précédent|solde antérieur',
  },
  AmountPaid: {
    en: 'amount paid|paid|payments|deposit|less paid|less deposit|payment received|paid to date|payments credits|advance',
    pt: 'valor pago|pago|adiantamento|sinal',
    de: 'bezahlt|Anzahlung|bereits bezahlt|abzüglich Anzahlung',
    fr: 'acompte|payé|déjà payé|acompte versé',
    es: 'pagado|anticipo',
  },
  ExtraCharge: {
    en: 'shipping|shipping handling|shipping & handling|shipping and handling|shipping cost|freight|delivery charge|delivery fee|handling|service fee|rounding|carriage|postage',
    pt: 'portes|frete|portes de envio|custos de envio|arredondamento',
    de: 'Versand|Versandkosten|Porto|Fracht|Versandkostenpauschale',
    fr: 'frais de port|port|livraison|frais de livraison',
    es: 'gastos de envío|envío|portes',
  },
  PurchaseOrder: {
    en: 'purchase order|purchase order number|purchase order no|purchase order #|po number|po no|po #|po|customer po|customer po no|customer po number|your order no|your po|your po no|customer order no',
    pt: 'ordem de compra|número da ordem de compra|nº ordem de compra|ordem de compra nº|pedido de compra|pedido de compra nº|nº de encomenda|encomenda nº|nota de encomenda|nº da encomenda|v/ encomenda|sua encomenda',
    de: 'Bestellnummer|Bestell-Nr|Ihre Bestellung|Ihre Bestellnummer|Ihre Bestell-Nr|Bestellung Nr',
    fr: 'bon de commande|bon de commande nº|numéro de commande|commande nº|commande n|nº de commande|n de commande|votre commande',
    es: 'orden de compra|nº de pedido|pedido nº|número de pedido|orden de compra nº|n de pedido|su pedido',
  },
  CustomerId: {
    en: 'customer id|customer no|customer number|customer #|client id|client no|client number|customer code|customer ref no',
    pt: 'código do cliente|código de cliente|código cliente|cliente nº|nº de cliente|nº cliente|número de cliente|número do cliente|id do cliente',
    de: 'Kundennummer|Kunden-Nr|Kunde Nr',
    fr: 'numéro client|numéro de client|nº client|n client|code client|client nº|référence client',
    es: 'número de cliente|nº de cliente|nº cliente|código de cliente|código cliente',
  },
  PaymentTerm: {
    en: 'payment terms|payment term|terms of payment|terms',
    pt: 'condições de pagamento|condição de pagamento|prazo de pagamento|cond pagamento|cond de pagamento',
    de: 'Zahlungsbedingungen|Zahlungsziel|Zahlungskonditionen',
    fr: 'conditions de paiement|conditions de règlement|modalités de paiement',
    es: 'condiciones de pago|plazo de pago',
  },
  TaxId: {
    en: 'vat reg no|vat no|vat number|vat registration|vat registration number|vat registration no|vat id|vat id no|tax id|tax id no|tax no|tax number|tax identification number|ein|abn|gstin|gst no|gst number|gst reg no|federal tax id|company vat no|tin|trn',
    pt: 'nif|nipc|cnpj|contribuinte|contribuinte nº|nº contribuinte|nº de contribuinte|nif nº|cnpj/cpf|cpf/cnpj|cnpj/mf',
    de: 'USt-IdNr|USt-Id-Nr|USt-ID|Steuernummer|Steuer-Nr|St-Nr|Umsatzsteuer-ID|Umsatzsteuer-Identifikationsnummer|UID|UID-Nr',
    fr: 'siret|siren|tva intracommunautaire|nº tva|n tva|numéro de tva|numéro tva|nº tva intracommunautaire|n tva intracommunautaire|tva intra',
    es: 'cif|nif|nif/cif|cif/nif',
    it: 'partita iva|p iva',
    nl: 'btw nr|btw nummer',
  },
  Customer: {
    en: 'bill to|billed to|invoice to|invoiced to|sold to|customer|customer name|client|client name|invoice for|billing address|invoice address|billing to|buyer|purchaser|billing details|customer details|bill to customer|prepared for',
    pt: 'cliente|faturar a|faturado a|faturar para|nome do cliente|destinatário|tomador|tomador de serviços|tomador dos serviços|exmo(s) sr(s)|exmos srs|exmo sr|sacado|cobrar de|comprador|dados do cliente|adquirente',
    de: 'Rechnung an|Kunde|Rechnungsempfänger|Rechnungsadresse|Rechnungsanschrift|Auftraggeber|Empfänger|Leistungsempfänger',
    fr: 'facturé à|facture à|facturer à|client|adresse de facturation|destinataire|nom du client',
    es: 'facturar a|facturado a|cliente|datos del cliente|nombre del cliente|datos cliente|destinatario',
    it: 'cliente|spett le|destinatario|intestatario',
    nl: 'klant|factuuradres|factureren aan',
  },
  Vendor: {
    en: 'from|seller|vendor|vendor name|supplier|supplier name|issued by|sold by|bill from|billed by|service provider|invoice from',
    pt: 'emitente|prestador|prestador de serviços|prestador dos serviços|fornecedor|vendedor|emitido por',
    de: 'Verkäufer|Lieferant|Rechnungssteller|Absender|Leistungserbringer',
    fr: 'émetteur|vendeur|fournisseur|prestataire',
    es: 'emisor|vendedor|proveedor',
    it: 'fornitore|cedente',
    nl: 'leverancier|verkoper',
  },
  OtherParty: {
    en: 'ship to|deliver to|delivery address|shipping address|service address|remit to|remittance address|delivered to|shipped to|ship from|remit payment to|deliver to address|pay to|make checks payable to',
    pt: 'entregar a|local de entrega|morada de entrega|endereço de entrega|local de descarga|local de carga|enviar para',
    de: 'Lieferadresse|Lieferanschrift|Lieferung an|Versand an',
    fr: 'adresse de livraison|livrer à|livré à|expédié à',
    es: 'dirección de envío|enviar a|dirección de entrega|entregar en',
  },
  Currency: { en: 'currency', pt: 'moeda|divisa', de: 'Währung', fr: 'devise', es: 'moneda|divisa', it: 'valuta' },
  CarriedForward: {
    en: 'carried forward|brought forward|total carried forward|subtotal carried forward|balance carried forward|page total|page subtotal|subtotal page|amount carried forward|amount brought forward',
    pt: 'a transportar|transporte|total a transportar|transportado|subtotal da página',
    de: 'Übertrag|Zwischensumme Seite|Seitensumme',
    fr: 'à reporter|report|sous-total page',
    es: 'suma y sigue|suma anterior|subtotal página',
  },
  Other: {
    en: 'phone|tel|telephone|fax|email|mail|web|website|url|mobile|page|order date|delivery date|ship date|date shipped|date of supply|supply date|service period|period|billing period|service date|iban|bic|swift|bank|bank name|bank details|account name|account number|account no|account|sort code|routing number|routing no|branch|payment|payment date|date paid|credit|tax rate|vat rate|total items|item count|total qty|total quantity|total weight|total hours|hours|salesperson|sales rep|sales person|ship via|shipped via|fob|fob point|project|project no|job|notes|note|comments|reference|ref|ref no|our ref|your ref|your reference|our reference|contact|attention|attn|order number|order no|order #|order id|requisitioner|payment method|method of payment|tip|gratuity|delivery note|delivery note no|quote no|contract no|created by|registered office|company registration no|company no|address|name|country|quantity|qty|description|unit price|price|item|rate|weight|prepared by|total savings|you saved|amount in words|total discounts|cheque no|po date|purchase order date',
    pt: 'telefone|telemóvel|tel|site|período|página|pág|referência|ref|v/ ref|n/ ref|data de entrega|data do pedido|data da encomenda|data de pagamento|data de saída|morada|endereço|banco|agência|conta|forma de pagamento|método de pagamento|modo de pagamento|guia de remessa|guia de remessa nº|observações|nome|razão social|nome/razão social|quantidade|descrição|preço|preço unitário|série|hora|matrícula|cep|município|bairro|inscrição estadual|inscrição municipal|chave de acesso|natureza da operação|iss retido|taxa|taxa iva',
    de: 'Telefon|Seite|Lieferdatum|Leistungsdatum|Leistungszeitraum|Bank|Konto|Kontonummer|BLZ|Ihr Zeichen|Unser Zeichen|Ihre Zeichen|Referenz|Bestelldatum|Auftragsdatum|Auftragsnummer|Auftrags-Nr|Auftrag Nr|Lieferschein|Lieferschein-Nr|Ansprechpartner|Bearbeiter|Zahlungsart|Zahlart|Anschrift|Adresse|Menge|Beschreibung|Einzelpreis|Projekt|Bestellt am|Kundenreferenz|Verwendungszweck|Geschäftsführer|Registergericht|Handelsregister|Zeitraum',
    fr: 'téléphone|tél|page|date de livraison|date de commande|date de paiement|référence|réf|votre référence|adresse|banque|compte|mode de paiement|mode de règlement|période|contact|quantité|désignation|prix unitaire|taux|taux tva|rcs|capital|courriel',
    es: 'teléfono|página|fecha de entrega|fecha de pedido|fecha de pago|referencia|ref|dirección|banco|cuenta|forma de pago|método de pago|período|contacto|cantidad|descripción|precio|tipo iva|albarán|correo electrónico|correo',
    it: 'telefono|pagina|data di consegna|indirizzo|banca|codice fiscale',
    nl: 'telefoon|pagina|leverdatum|rekeningnummer|kvk',
  },
}

export const INVOICE_LABELS = lexiconOf(LABELS)
