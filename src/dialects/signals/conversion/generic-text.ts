import { type ConversationEventType, isTextType } from '../conversation/conversation-event.ts';
import { foldText } from '../conversation/match-text.ts';

/** What people write for other reasons, in the languages that ads are most often written in; folded. */
const genericTexts: ReadonlySet<string> = new Set(
  [
    // Yes, no, well.
    ['yes', 'yeah', 'yep', 'no', 'nope', 'not', 'ok', 'okay', 'oui', 'non', "d'accord", 'sí', 'si', 'vale'],
    ['sim', 'não', 'nao', 'ja', 'nein', 'nee', 'sì', 'va bene', 'tak', 'nie', 'evet', 'hayır', 'tamam'],
    ['да', 'нет', 'так', 'ні', 'نعم', 'لا', 'כן', 'לא', 'हाँ', 'हां', 'नहीं', 'ya', 'tidak', 'vâng', 'không'],
    ['是', '不是', '好', '好的', 'はい', 'いいえ', '네', '아니요', 'ใช่', 'ไม่'],
    // Greetings.
    [
      'hello',
      'hi',
      'hey',
      'hi there',
      'good morning',
      'good evening',
      'bonjour',
      'salut',
      'bonsoir',
      'coucou',
    ],
    ['hola', 'buenas', 'buenos días', 'buenos dias', 'olá', 'ola', 'oi', 'bom dia', 'boa tarde', 'boa noite'],
    ['hallo', 'guten tag', 'guten morgen', 'moin', 'hoi', 'ciao', 'buongiorno', 'salve', 'cześć', 'merhaba'],
    ['selam', 'привет', 'здравствуйте', 'привіт', 'مرحبا', 'السلام عليكم', 'שלום', 'नमस्ते', 'halo', 'hai'],
    ['xin chào', '你好', '您好', 'こんにちは', '안녕하세요', 'สวัสดี'],
    // Thanks, please, and what a reply begins with.
    ['thanks', 'thank you', 'thx', 'please', 'merci', "s'il vous plaît", 'gracias', 'por favor', 'obrigado'],
    ['obrigada', 'danke', 'bitte', 'bedankt', 'grazie', 'dziękuję', 'teşekkürler', 'спасибо', 'شكرا', 'תודה'],
    ['धन्यवाद', 'terima kasih', 'cảm ơn', '谢谢', 'ありがとう', '감사합니다', 'ขอบคุณ'],
    ['info', 'information', 'price', 'prix', 'precio', 'preço', 'preis', 'prezzo', 'help', 'start', 'stop'],
    ['test', 'more', 'more info', 'the', 'a', 'i', 'and', 'you', 'me', 'good', 'great', 'sure', 'fine'],
  ].flatMap((texts) => texts.map(foldText)),
);

/** A word that is shorter is most often part of what people write anyway. */
const shortWordLength = 3;
/** One character of these says as much as a word. */
const syllabicScript = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

/** What a conversion or an event group looks for. */
interface Wanted {
  readonly type: ConversationEventType;
  readonly typeValue: string | null;
}

/**
 * The warning that a text which leads write anyway would count them as converted (the vendor's page: configure "unique" keywords);
 * none when there is nothing to warn of. It is set all the same.
 */
export function warningsOf({ type, typeValue }: Wanted): string[] {
  if (!isTextType(type) || typeValue === null || !isGeneric(typeValue)) return [];
  return [
    'This text is so common that messages will match it by chance: choose a phrase of several words that leads write only when they convert.',
  ];
}

function isGeneric(text: string): boolean {
  const folded = foldText(text.replaceAll(/[!?.,;:¡¿。！？]/gu, ' '));
  const isShort =
    !folded.includes(' ') && [...folded].length <= shortWordLength && !syllabicScript.test(folded);
  return isShort || genericTexts.has(folded);
}
