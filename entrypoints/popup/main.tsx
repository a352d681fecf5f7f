document.title = 'Tagalong';
