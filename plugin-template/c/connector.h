/* connector.h - keeps descriptions, and owners of files, in a NOTES.txt beside the data that they describe.
 * NotesConnector.swift. */
#ifndef CONNECTOR_H
#define CONNECTOR_H

#include <revmeta/revmeta.h>

extern const revmeta_connector connector;

#endif
