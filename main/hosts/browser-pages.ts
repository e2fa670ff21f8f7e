/** What somebody without a session sees. No styles and no scripts: the policy allows none inline. */
export const linkNeededPage = (spent: boolean): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Handover</title></head>
<body>
<h1>${spent ? 'This link was already used, or has expired' : 'Open Handover with its one-time link'}</h1>
<p>Handover printed a link where it was started; it opens this console once, in one browser. For a new link, press
Enter there, or start Handover again.</p>
<p>If this browser has opened the link already: <a href="/">go to the console</a>.</p>
</body>
</html>
`;
