use super::*;

fn found(folders: &[PathBuf]) -> Found {
    match walk(folders, None, &CancellationToken::new()).unwrap() {
        Outcome::Completed(found) => found,
        cancelled => panic!("not cancelled: {cancelled:?}"),
    }
}

fn found_at(folder: &Path) -> Found {
    found(&[folder.to_owned()])
}

fn reasons(found: Found) -> Vec<(Reason, usize)> {
    let groups = found.passed_over.into_groups().into_iter();
    groups.map(|group| (group.reason, group.count)).collect()
}

#[test]
fn music_is_found_once_in_order_and_with_its_credits() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    fs::create_dir_all(root.join("b")).unwrap();
    fs::write(root.join("b/two.OGG"), "x").unwrap();
    fs::write(root.join("one.mp3"), "xy").unwrap();
    fs::write(root.join("cover.png"), "x").unwrap();
    fs::write(
        root.join("b/credits.toml"),
        "[[track]]\nfiles = \"*\"\nlicence = \"CC0-1.0\"",
    )
    .unwrap();
    for folders in [
        [root.clone(), root.join("b")],
        [root.join("b"), root.clone()],
    ] {
        let found = found(&folders);
        let names: Vec<_> = found.files.iter().map(|f| f.path.clone()).collect();
        let wanted = ["b/two.OGG", "cover.png", "one.mp3"].map(|name| root.join(name));
        assert_eq!(names, wanted);
        assert_eq!(found.files[0].credit.licence.as_deref(), Some("CC0-1.0"));
        assert_eq!(found.files[2].credit, Credit::default());
        assert_eq!(found.files[2].bytes, 2);
    }
}

#[test]
fn credits_of_a_folder_end_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let artist = |at: &str, artist: &str| {
        fs::create_dir_all(dir.path().join(at)).unwrap();
        let text = format!("[[track]]\nfiles = \"**\"\nartist = \"{artist}\"");
        fs::write(dir.path().join(at).join(FILE_NAME), text).unwrap();
    };
    artist("", "everybody");
    artist("a", "a");
    artist("a/deep", "deep");
    fs::create_dir(dir.path().join("b")).unwrap();
    for name in ["a/deep/1.ogg", "a/2.ogg", "b/3.ogg"] {
        fs::write(dir.path().join(name), "x").unwrap();
    }
    let mut artists: Vec<_> = found(&[dir.path().to_owned()])
        .files
        .into_iter()
        .map(|f| {
            (
                f.path.file_name().unwrap().to_owned(),
                f.credit.artist.unwrap(),
            )
        })
        .collect();
    artists.sort();
    let artists: Vec<&str> = artists.iter().map(|(_, artist)| artist.as_str()).collect();
    assert_eq!(artists, ["deep", "a", "everybody"]);
}

#[test]
fn a_cancelled_walk_is_a_cancelled_outcome() {
    let dir = tempfile::tempdir().unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let outcome = walk(&[dir.path().to_owned()], None, &cancel).unwrap();
    assert!(matches!(outcome, Outcome::Cancelled(None)), "{outcome:?}");
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn pipes_trash_and_unfinished_files_are_passed_over_and_counted() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        for folder in [".Trash-1000/files", "@eaDir/song.mp3", "Album", "catalog"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        for file in [
            ".Trash-1000/files/old.mp3",
            "@eaDir/song.mp3/SYNOAUDIO.mp3",
            "Album/new.mp3.part",
            "Album/kept.mp3",
            "catalog/catalog.sqlite",
        ] {
            fs::write(root.join(file), "x").unwrap();
        }
        let _socket = std::os::unix::net::UnixListener::bind(root.join("socket.mp3")).unwrap();
        let found = found(&[root.to_owned()]);
        assert_eq!(found.files.len(), 1, "{:?}", found.files);
        let wanted = [
            (Reason::Trash, 1),
            (Reason::SystemFolder, 1),
            (Reason::SpecialFile, 1),
            (Reason::Unfinished, 1),
        ];
        assert_eq!(reasons(found), wanted);
        let trash = found_at(&root.join(".Trash-1000"));
        assert_eq!(trash.files.len(), 1, "a given folder is read");
    }

    #[test]
    fn files_below_forty_folders_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join(["d"; 40].join("/"));
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("one.ogg"), "x").unwrap();
        assert_eq!(found_at(dir.path()).files.len(), 1);
    }

    #[test]
    fn a_loop_of_links_ends() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("one.ogg"), "x").unwrap();
        symlink(dir.path(), dir.path().join("again")).unwrap();
        let found = found(&[dir.path().to_owned()]);
        assert_eq!(found.files.len(), 1, "one file on several paths");
    }

    #[test]
    fn a_folder_that_several_links_reach_is_walked_once() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("one.ogg"), "x").unwrap();
        for name in ["a", "b", "c"] {
            symlink(dir.path(), dir.path().join(name)).unwrap();
        }
        // There are 2^30 paths to the last of these folders.
        for at in 0..30 {
            fs::create_dir(dir.path().join(format!("level {at}"))).unwrap();
            for way in ["x", "y"] {
                let next = dir.path().join(format!("level {}", at + 1));
                symlink(next, dir.path().join(format!("level {at}/{way}"))).unwrap();
            }
        }
        fs::create_dir(dir.path().join("level 30")).unwrap();
        let found = found(&[dir.path().to_owned()]);
        assert_eq!(found.files.len(), 1);
        assert!(found.unreadable.is_empty(), "{:?}", found.unreadable);
    }

    #[test]
    fn a_link_to_a_folder_above_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("prefix/music");
        fs::create_dir_all(&root).unwrap();
        fs::write(dir.path().join("outside.ogg"), "x").unwrap();
        fs::write(root.join("one.ogg"), "x").unwrap();
        symlink(dir.path(), root.join("z:")).unwrap();
        let found = found(&[root]);
        assert_eq!(found.files.len(), 1, "{:?}", found.files);
    }

    #[test]
    fn a_link_to_music_elsewhere_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["here", "elsewhere"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }
        fs::write(dir.path().join("elsewhere/one.ogg"), "x").unwrap();
        let link = dir.path().join("here/more");
        symlink(dir.path().join("elsewhere"), link).unwrap();
        assert_eq!(found(&[dir.path().join("here")]).files.len(), 1);
    }

    #[test]
    fn a_broken_link_is_unreadable_where_it_is_named_like_music() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["gone.ogg", "gone.txt"] {
            symlink("nowhere", dir.path().join(name)).unwrap();
        }
        let found = found(&[dir.path().to_owned()]);
        let unreadable = &found.unreadable;
        assert_eq!(unreadable.len(), 1, "{unreadable:?}");
        assert!(unreadable[0].0.ends_with("gone.ogg"), "{unreadable:?}");
        assert_eq!(reasons(found), [(Reason::BrokenLink, 1)]);
    }

    #[test]
    fn a_folder_that_cannot_be_opened_keeps_the_reason() {
        let dir = tempfile::tempdir().unwrap();
        let own = dir.path().join("own");
        symlink(&own, &own).unwrap();
        let error = walk(&[own], None, &CancellationToken::new()).unwrap_err();
        assert_eq!(error.code(), "io", "it exists: {error}");
        assert!(error.to_string().contains("open the folder"), "{error}");
    }
}

#[test]
fn a_missing_folder_is_an_error() {
    let folders = [PathBuf::from("/no/such/folder")];
    let error = walk(&folders, None, &CancellationToken::new()).unwrap_err();
    assert_eq!(error.code(), "folder_missing");
}
