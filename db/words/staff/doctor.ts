/** What `doctor` says: of each check what was found, and what to do. For whoever looks after the server. */

import { readinessWords } from "./readiness.ts";

const gigabytes = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GB`;

export const doctorWords = {
  /** Before each line. */
  mark: { ok: "[ok]  ", todo: "[todo]", warn: "[warn]", skipped: "[skip]" },
  toDo: (what: string) => `→ ${what}`,
  /** `origin`: where the product is. */
  missingAdvice: (origin: string) =>
    `上の missing. の項目は、管理者が職員用の画面の「設定」で入れます: ${origin}/staff/settings`,
  end: (count: number) =>
    count === 0 ? readinessWords.nothingMissing : `することが${count}件あります（[todo] の行）。`,
  failed: (reason: string) => `確かめられませんでした: ${reason}`,
  failedAdvice: "上の理由を見て直し、もう一度 doctor を実行してください。",
  notOpen: (reason: string) => `データベースを開けません: ${reason}`,
  notOpenAdvice:
    "サービスを止めて起動しなおし、DATA_DIR の postgres.log（DATABASE_URL を使っていれば、そのサービスの画面）を見てください。",

  environment: {
    ok: "環境変数に、食い違いはありません。",
    partly: (given: readonly string[], absent: readonly string[]) =>
      `環境変数 ${given.join("、")} はありますが、${absent.join("、")} がありません。`,
    partlyAdvice: (all: readonly string[]) => `${all.join("、")} は、すべて入れるか、すべて消してください。`,
    dkimKey: (file: string) => `DKIM_KEY_FILE の ${file} を、RSAの秘密鍵として読めません。`,
    dkimKeyAdvice: "RSA の秘密鍵（PEM）を置き、このユーザーが読めるようにしてください。",
    dkimDomain: (signed: string, sender: string) => `DKIM_DOMAIN は ${signed} ですが、差出人は ${sender} です。`,
    dkimDomainAdvice: "DKIM_DOMAIN を、差出人のアドレスの @ より後ろ（またはその上のドメイン）にしてください。",
    port: (origin: string, port: number) => `PUBLIC_ORIGIN は ${origin} ですが、PORT は ${port} です。`,
    portAdvice: "二つを同じ番号にするか、PUBLIC_ORIGIN を公開のアドレスにしてください。",
    bothStores: "BACKUP_DIR と BACKUP_S3_BUCKET の両方があります。使うのはバケットだけです。",
    bothStoresAdvice: "使わないほうを消してください。",
    noLog: "LOG が off なので、何かあったときに調べる記録が残りません。",
    noLogAdvice: "LOG を消すか、json にしてください。",
    unknown: (name: string) => `環境変数 ${name} は、この製品では読まれません。`,
    unknownAdvice: (meant: string | undefined) =>
      meant === undefined
        ? "綴りを確かめてください。要らなければ、消してください。"
        : `${meant} のことではありませんか。綴りを確かめてください。`,
  },

  permissions: {
    ok: "DATA_DIR の鍵や記録は、このユーザーだけが読めます。",
    open: (path: string, mode: string) => `${path} を、ほかのユーザーも読み書きできます（${mode}）。`,
    openAdvice: (path: string) => `chmod go-rw ${path} と打ってください。`,
    owner: (path: string, owner: number, own: number) =>
      `${path} の持ち主（uid ${owner}）が、いまのユーザー（uid ${own}）と違います。`,
    ownerAdvice:
      "サービスとコマンドは、いつも同じユーザーで動かし、ファイルの持ち主もそのユーザーにしてください（chown）。",
    skipped: "この OS では、ファイルの権限を確かめません。",
  },

  clock: {
    ok: (seconds: string) => `この機械とデータベースの時計は、合っています（差 ${seconds} 秒）。`,
    apart: (seconds: string) => `この機械とデータベースの時計が、${seconds} 秒ずれています。`,
    apartAdvice:
      "両方の時計を NTP で合わせてください。ずれると、認証アプリの番号が合わずにログインできず、メールを送る順番の約束も狂います。",
    notSynchronised: "この機械の時計は、NTP で合わせられていません。",
    notSynchronisedAdvice: "timedatectl set-ntp true と打つか、機械を貸している会社の案内に従ってください。",
  },

  origin: {
    mailWithoutHttps: (origin: string) => `メールを送る設定ですが、リンクの先の ${origin} が https ではありません。`,
    mailAdvice:
      "PUBLIC_ORIGIN を https の公開アドレスにしてください。それまでは、リンクを途中で読まれるおそれがあり、メールソフトの「配信停止」ボタンも出ません。",
    notYet: (origin: string) => `${origin} は https の公開アドレスではないので、外からの見え方はまだ確かめません。`,
    ok: (origin: string) => `${origin} に、この設置が答えています。`,
    other: (origin: string) => `${origin} に答えているのは、この設置ではありません。`,
    otherAdvice: "DNS の向き先と、リバースプロキシの転送先を確かめてください。",
    status: (origin: string, status: number) => `${origin}/healthz の答えが ${status} でした。`,
    statusAdvice: "サービスが動いているか、リバースプロキシの転送先が HOST と PORT のとおりかを、確かめてください。",
    certificate: (origin: string, code: string) => `${origin} の証明書が正しくありません（${code}）。`,
    certificateAdvice: "リバースプロキシの証明書を、取り直してください。",
    unreachable: (origin: string, code: string) =>
      `${origin} には、この機械からは届きません（${code}）。外の機械やスマートフォンから開いて、確かめてください。`,
    proxyOk: "TRUSTED_PROXIES にリバースプロキシが書いてあります。",
    noProxy: "https はリバースプロキシが受けるはずですが、TRUSTED_PROXIES が空です。",
    noProxyAdvice:
      "TRUSTED_PROXIES に、リバースプロキシのアドレス（同じ機械なら 127.0.0.1,::1）を入れてください。空のままだと、すべての家族が一つの回線に見え、相談が続くと断られます。",
  },

  mail: {
    none: "SMTP_URL がないので、メールはだれにも届かず、DATA_DIR/outbox にファイルとして置かれます。",
    noneAdvice: "送信サービスのアドレスを、SMTP_URL に入れてください（smtps://名前:パスワード@ホスト）。",
    ok: (host: string, isEncrypted: boolean, isSignedIn: boolean) =>
      `メールサーバー ${host} とつながりました（${isEncrypted ? "暗号化あり" : "この機械の中"}、${isSignedIn ? "ログインできました" : "ログインなし"}）。`,
    refused_login: (host: string, reply: string) => `メールサーバー ${host} が、ログインを断りました（${reply}）。`,
    no_login: (host: string) => `メールサーバー ${host} は、ログインを受け付けていません。`,
    no_tls: (host: string) => `メールサーバー ${host} との通信を暗号化できません（STARTTLS がありません）。`,
    certificate: (host: string, reply: string) => `メールサーバー ${host} の証明書が正しくありません（${reply}）。`,
    timeout: (host: string) => `メールサーバー ${host} が、時間内に答えません。`,
    unreachable: (host: string, reply: string) => `メールサーバー ${host} とつながりません（${reply}）。`,
    advice: {
      refused_login:
        "SMTP_URL の名前とパスワードを確かめてください。記号は %40（@）のように書きます。専用のパスワードが要るサービスもあります。",
      no_login: "SMTP_URL のポート番号を確かめてください。ふつうは、smtps://…:465 か smtp://…:587 です。",
      no_tls:
        "smtps://（465番）か、STARTTLS のある番号（587番）にしてください。いまは、家族への返事が途中で読まれるおそれがあります。",
      certificate: "SMTP_URL のホスト名を、証明書にある名前にしてください。",
      timeout: "ポート番号と、外への通信を止める壁（ファイアウォール）を確かめてください。25番はよく止められています。",
      unreachable: "SMTP_URL のホスト名とポート番号を確かめてください。",
    },
  },

  records: {
    skipped: "差出人のアドレスと SMTP_URL が決まってから、DNS を確かめます。",
    seen: (kind: string, name: string) => `${kind} のレコード（${name}）が見えます。`,
    byService: (kind: string) => `${kind} は、送信サービスの画面で確かめてください。`,
    otherOfService: (kind: string, text: string) =>
      `${kind} のレコードが見えます。送信サービスの案内と同じか、確かめてください: ${text}`,
    other: (kind: string, name: string, text: string) => `${kind} のレコード（${name}）に、別の内容が見えます: ${text}`,
    not_yet: (kind: string, name: string) => `${kind} のレコード（${name}）が、まだ見えません。`,
    unknown: (kind: string, name: string) => `${kind} のレコード（${name}）は、いまは確かめられません。`,
    add: (name: string, text: string) => `DNS の ${name} に、TXT レコード「${text}」を入れてください。`,
    addByService: "送信サービスの案内にある値を、DNS に入れてください。",
    include: (text: string) =>
      `送信サービスの案内と違っていないか、確かめてください。ここで勧めるのは「${text}」です。`,
  },

  backup: {
    none: "バックアップは、切ってあります（BACKUP_DAYS が 0）。",
    noneAdvice: "ほかの方法で控えていることを、確かめてください。",
    ok: (upTo: string, kept: number) => `バックアップは、${upTo} までの分がとれています（${kept}回分）。`,
    first: "バックアップは、まだ一度もとれていません。",
    firstWaits: "最初のバックアップを、これからとります。",
    late: (upTo: string) => `バックアップが、${upTo} までで止まっています。`,
    notTaken: (upTo: string) =>
      `${upTo} までの分はありますが、全体のバックアップをとって古いものを消す仕事（take_backup）が、1日以上うまくいっていません。`,
    lateAdvice: (error: string) =>
      `サービスが動いているか、保存先に空きがあるかを確かめてください。${error === "" ? "" : `最後の失敗: ${error}。`}手で試すには、npm run -s cli -- backup と打ちます。`,
    beside: "バックアップが、記録そのものと同じディスクにあります。ディスクがこわれると、いっしょに失われます。",
    besideAdvice: "BACKUP_DIR（別のディスク）か BACKUP_S3_…（外の保管サービス）で、別の場所に移してください。",
    apart: "バックアップは、記録とは別の場所にあります。",
    aside: (path: string, days: number) =>
      `もとに戻す前の記録が、${path} に残っています（${days}日前のもの）。ご家族の記録を消しても、ここからは消えません。`,
    asideAdvice: (path: string) => `戻した内容を確かめ終えたら、rm -r ${path} と打って、フォルダごと消してください。`,
    store: (place: string) => `バックアップの保存先（${place}）に、書いて読めました。`,
    storeFailed: (place: string, reason: string) =>
      `バックアップの保存先（${place}）に、書けないか読めません: ${reason}`,
    storeAdvice: "保存先がつながっているか、空きと権限、バケットの鍵を確かめてください。",
    opens: (count: number) => `バックアップの鍵で、${count}回分すべての目録が開きます。`,
    closed: "いまのバックアップの鍵では、保存先のバックアップを開けません。",
    someClosed: (open: number, closed: number) =>
      `バックアップの鍵で${open}回分が開きますが、ほかの${closed}回分は開きません。`,
    closedAdvice:
      "控えてある、前のバックアップの鍵を npm run -s cli -- keys enter backup で入れてください（BACKUP_KEY を使っていれば、その後ろにコンマをはさんで書き足します）。見つからなければ、そのバックアップは戻せません。",
  },

  disk: {
    ok: (path: string, free: number) => `${path} の空きは ${gigabytes(free)} です。`,
    low: (path: string, free: number, percent: number) => `${path} の空きが ${gigabytes(free)}（${percent}%）です。`,
    lowAdvice: "要らないファイルを消すか、ディスクを大きくしてください。いっぱいになると、相談を受け付けられません。",
  },

  postgres: {
    safe: "PostgreSQL は、受け付けたものを失わない設定です（fsync、full_page_writes、synchronous_commit、UTF-8）。",
    unsafeAdvice: "PostgreSQL の設定を直し、起動しなおしてください。",
    version: (version: string) => `PostgreSQL ${version}`,
    off: (setting: string) => `PostgreSQL の ${setting} が off です。`,
    autovacuum: "PostgreSQL は、自分で掃除をしています（autovacuum）。",
    autovacuumAdvice: "on に戻してください。掃除をしないと、遅くなり、やがて書き込めなくなります。",
    checksums: "データの誤り検出（data checksums）が働いています。",
    noChecksumsAdvice:
      "ディスクの誤りに気づけません。PostgreSQL を止めて pg_checksums --enable を実行するか、新しいデータベースに移してください（PostgreSQL 18 からは、はじめから on です）。",
    wal: "WAL の詳しさ（wal_level）は、バックアップに足ります。",
    noWal: (value: string) => `wal_level が ${value} なので、途中までの記録を戻せません。`,
    noWalAdvice: "wal_level を replica にして、起動しなおしてください。",
    slot: (kept: number) => `バックアップを待つ WAL は ${gigabytes(kept)} です。`,
    slotLarge: (kept: number) => `バックアップを待つ WAL が ${gigabytes(kept)} たまっています。`,
    slotLost: "バックアップを待つはずの WAL が、失われました。次のバックアップまで、途中までの記録を戻せません。",
    slotAdvice: "バックアップの行の理由を直してください。直ると、自分で追いつきます。",
    connections: (needed: number, allowed: number) => `接続は多くて ${needed}、PostgreSQL が許すのは ${allowed} です。`,
    connectionsAdvice: "max_connections を増やすか、DATABASE_POOL かプロセスの数を減らしてください。",
    collation: "文字の並べ方（照合順序）は、データベースを作ったときのままです。",
    collationChanged:
      "文字の並べ方（照合順序）の版が、データベースを作ったときと違います。索引がこわれているかもしれません。",
    collationAdvice:
      "reindex database と alter database … refresh collation version を、データベースの持ち主で実行してください。",
    timeZone: "接続の時間帯は UTC です。",
    otherTimeZone: (zone: string) => `接続の時間帯が ${zone} です。UTC でなければなりません。`,
    timeZoneAdvice:
      "あいだにある接続の中継（PgBouncer など）が、TimeZone を通していません。通すか、その持ち主のロールに timezone = 'UTC' を設定してください。",
  },

  processes: {
    ok: (count: number, version: string) => `${count}つのプロセスが動いています（版 ${version}）。`,
    none: "サービスが動いていません。",
    noneAdvice: "npm start（systemd なら systemctl start）で、起動してください。",
    no: { web: "サイトを見せるプロセスが、動いていません。", worker: "メールを送るプロセスが、動いていません。" },
    noAdvice: (role: string) => `ROLE=${role} か ROLE=all のプロセスを、起動してください。`,
    mixed: (versions: readonly string[]) => `動いているプロセスの版が、そろっていません（${versions.join("、")}）。`,
    older: (running: string, own: string) => `動いているプロセスの版は ${running} で、ここにあるのは ${own} です。`,
    versionAdvice: "すべてのプロセスを、起動しなおしてください。",
    otherKeys: (running: string) => `動いているプロセスは、金庫の鍵を ${running} から読んでいて、この端末と違います。`,
    otherKeysAdvice:
      "サービスと同じ環境変数で doctor を実行してください（systemd なら EnvironmentFile のもの）。ほかの行も、正しくないかもしれません。",
  },

  jobs: {
    ok: (count: number) => `時刻で動く仕事（${count}個）は、どれも済んでいます。`,
    skipped: "サービスが動いてから、時刻で動く仕事を確かめます。",
    late: (name: string, since: string) => `仕事 ${name} が、${since} から済んでいません。`,
    never: (name: string) => `仕事 ${name} が、まだ一度も済んでいません。`,
    lateAdvice: (error: string) =>
      error === ""
        ? "サービスの記録（journalctl など）を見てください。"
        : `最後の失敗は ${error} です。サービスの記録を見てください。`,
  },

  keys: {
    separate: "金庫の鍵とバックアップの鍵は、別のものです。",
    same: "金庫の鍵とバックアップの鍵が、同じものです。片方を見た人が、すべてを読めます。",
    sameAdvice: "BACKUP_KEY（または backup.key）を消して起動しなおし、新しくできた鍵を控えてください。",
    unusable: (reason: string) => `鍵を読めません: ${reason}`,
    unusableAdvice:
      "控えてある鍵を、もう一度入れてください。金庫の鍵は npm run -s cli -- keys enter vault、バックアップの鍵は npm run -s cli -- keys enter backup です。",
    missingAdvice:
      "控えてある金庫の鍵を、npm run -s cli -- keys enter vault で入れてください（VAULT_KEY を使っていれば、doctor も同じ変数で実行してください）。",
    noBackupKey: "バックアップの鍵がありません。",
    noBackupKeyAdvice:
      "控えてある鍵を npm run -s cli -- keys enter backup で入れるか、サービスを起動しなおして、新しい鍵を控えてください。",
    noted: "二つの鍵は、控えてあります。",
    notNoted: {
      vault: "金庫の鍵を控えたことを、まだ確かめていません。",
      backup: "バックアップの鍵を控えたことを、まだ確かめていません。",
    },
    notNotedAdvice: "紙に書き、別々の場所にしまってから、npm run -s cli -- keys noted と打って確かめてください。",
  },
} as const;
