/** What an invoice says in a language: for each label several wordings, of which the last are held out. */
export type Wording = { tuned: string[]; heldOut: string[] }

export type LabelName =
  | 'title'
  | 'number'
  | 'date'
  | 'due'
  | 'order'
  | 'billTo'
  | 'shipTo'
  | 'from'
  | 'description'
  | 'quantity'
  | 'price'
  | 'amount'
  | 'subtotal'
  | 'tax'
  | 'total'
  | 'thanks'
  | 'page'
  | 'taxId'
  | 'phone'
  | 'bank'

const words = (text: string): Record<LabelName, Wording> =>
  Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [name = '', tuned = '', heldOut = tuned] = line.trim().split(';')
        return [name.trim(), { tuned: tuned.trim().split('|'), heldOut: heldOut.trim().split('|') }]
      }),
  ) as Record<LabelName, Wording>

export const ENGLISH = words(`
  title; INVOICE|Invoice|Tax Invoice; Sales Invoice|INVOICE
  number; Invoice No.|Invoice Number|Invoice #|Invoice no; Inv. No.|Invoice ID|No.
  date; Invoice Date|Date|Date of issue; Issued|Date issued|Bill date
  due; Due Date|Payment due|Due; Due on|Please pay by|Payable by
  order; PO Number|P.O. #|Purchase Order; Your order no.|Customer PO
  billTo; Bill To|Billed to|Invoice to|Customer; Sold To|Client|Bill to
  shipTo; Ship To|Deliver to; Delivery address
  from; From|Seller; Supplier|Issued by
  description; Description|Item|Product; Details|Services
  quantity; Qty|Quantity; Hours|Units
  price; Unit Price|Price|Rate; Unit Cost|Price each
  amount; Amount|Total|Line Total; Net amount|Total price
  subtotal; Subtotal|Sub-total|Net total; Total excl. VAT|Net amount|Sub Total
  tax; VAT|Tax|Sales Tax; VAT amount|Total tax
  total; Total|Grand Total|Invoice Total|Total Amount; Total to pay|Total incl. VAT|TOTAL
  thanks; Thank you for your business!; We appreciate your custom.
  page; Page; Page
  taxId; VAT No.|Tax ID; VAT Reg. No.
  phone; Phone|Tel.; Telephone
  bank; Bank details: IBAN GB29 NWBK 6016 1331 9268 19; Account no. 12345678  Sort code 60-16-13
`)

export const PORTUGUESE = words(`
  title; FATURA|Fatura|Fatura/Recibo; FACTURA|Fatura
  number; Fatura nº|Número da fatura|Nº da fatura; Nº Fatura|Documento nº
  date; Data|Data de emissão|Data da fatura; Emitida em|Emissão
  due; Vencimento|Data de vencimento; Pagar até|Vence em
  order; Ordem de compra|Encomenda nº; V/ encomenda|Nº de encomenda
  billTo; Cliente|Faturar a; Exmo(s) Sr(s)|Destinatário
  shipTo; Entregar a|Local de entrega; Morada de entrega
  from; Emitente|Fornecedor; Prestador|Emitido por
  description; Descrição|Produto|Designação; Artigo|Serviço
  quantity; Qtd.|Quantidade; Quant.|Qt.
  price; Preço unit.|Preço unitário; P. Unitário|Valor unitário
  amount; Total|Valor; Total líquido|Montante
  subtotal; Subtotal|Total sem IVA; Total líquido|Valor sem IVA
  tax; IVA|Total IVA; Valor do IVA|Imposto
  total; Total|Total a pagar|Valor total; Total da fatura|TOTAL GERAL|Montante total
  thanks; Obrigado pela preferência.; Processado por programa certificado
  page; Página; Pág.
  taxId; NIF|Contribuinte; Contribuinte nº
  phone; Tel.|Telefone; Telefone
  bank; IBAN: PT50 0002 0123 1234 5678 9015 4; Banco: 0035 0651 00012345678 90
`)

export const GERMAN = words(`
  title; Rechnung|RECHNUNG; Ihre Rechnung
  number; Rechnungsnummer|Rechnungs-Nr.|Rechnung Nr.; Rechnungsnr.|Beleg-Nr.
  date; Rechnungsdatum|Datum; Ausstellungsdatum|Belegdatum
  due; Fällig am|Zahlbar bis|Fälligkeitsdatum; Zahlbar bis zum
  order; Bestellnummer|Ihre Bestellung; Bestell-Nr.
  billTo; Rechnung an|Kunde; Rechnungsempfänger|Auftraggeber
  shipTo; Lieferadresse|Lieferanschrift; Lieferung an
  from; Verkäufer|Lieferant; Rechnungssteller|Absender
  description; Beschreibung|Bezeichnung|Artikel; Leistung|Produkt
  quantity; Menge|Anzahl; Stk.|Stunden
  price; Einzelpreis|Preis; Stückpreis|Einzel
  amount; Gesamtpreis|Betrag|Gesamt; Summe|Gesamt netto
  subtotal; Zwischensumme|Nettobetrag|Summe netto; Gesamt netto|Netto
  tax; MwSt.|USt.|Mehrwertsteuer; Umsatzsteuer|zzgl. MwSt.
  total; Gesamtbetrag|Rechnungsbetrag|Gesamtsumme; Endbetrag|Zu zahlen|Summe brutto
  thanks; Vielen Dank für Ihren Auftrag.; Wir danken für Ihr Vertrauen.
  page; Seite; Seite
  taxId; USt-IdNr.|Steuernummer; USt-ID
  phone; Telefon|Tel.; Fon
  bank; IBAN: DE89 3704 0044 0532 0130 00; Bankverbindung: Sparkasse Köln, BIC COLSDE33
`)

export const FRENCH = words(`
  title; FACTURE|Facture; Facture
  number; Facture n°|N° de facture|Numéro de facture; N° facture|Référence facture
  date; Date|Date de facturation|Date de facture; Date d'émission|Émise le
  due; Échéance|Date d'échéance; À payer avant le|À régler avant le
  order; Bon de commande|Commande n°; Votre commande
  billTo; Facturé à|Client; Adresse de facturation|Destinataire
  shipTo; Adresse de livraison|Livré à; Livraison à
  from; Émetteur|Vendeur; Prestataire
  description; Désignation|Description; Libellé|Prestation
  quantity; Qté|Quantité; Nombre
  price; Prix unitaire|PU HT; Prix unit. HT|P.U.
  amount; Montant|Total HT; Montant HT|Prix total
  subtotal; Total HT|Sous-total; Montant HT|Total hors taxes
  tax; TVA|Montant TVA; Total TVA
  total; Total TTC|Net à payer; Montant TTC|Montant total TTC
  thanks; Merci de votre confiance.; En cas de retard, une indemnité de 40 euros est due.
  page; Page; Page
  taxId; N° TVA|SIRET; TVA intracommunautaire
  phone; Tél.|Téléphone; Téléphone
  bank; IBAN : FR76 3000 6000 0112 3456 7890 189; RIB 30006 00001
`)

export const SPANISH = words(`
  title; FACTURA|Factura; Factura
  number; Factura nº|Número de factura; Nº de factura|Factura
  date; Fecha|Fecha de factura; Fecha de emisión|Fecha de expedición
  due; Vencimiento|Fecha de vencimiento; Pagar antes de
  order; Orden de compra|Pedido nº; Nº de pedido
  billTo; Cliente|Facturar a; Datos del cliente|Facturado a
  shipTo; Dirección de envío|Enviar a; Dirección de entrega
  from; Emisor|Proveedor; Vendedor
  description; Descripción|Concepto; Producto|Servicio
  quantity; Cantidad|Cant.; Uds.
  price; Precio unitario|Precio; P. unitario|Precio ud.
  amount; Importe|Total; Precio total|Subtotal
  subtotal; Subtotal|Base imponible; Importe neto|Total sin IVA
  tax; IVA|Total IVA; Cuota IVA
  total; Total|Total factura|Importe total; Total a pagar|TOTAL
  thanks; Gracias por su confianza.; Forma de pago: transferencia
  page; Página; Página
  taxId; NIF|CIF; CIF/NIF
  phone; Tel.|Teléfono; Tfno.
  bank; IBAN: ES91 2100 0418 4502 0005 1332; Banco Santander 0049 1500
`)
